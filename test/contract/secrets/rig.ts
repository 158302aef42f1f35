import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../../config/schema.ts';
import { createSecrets, type SecretsConfig } from '../../../providers/secrets/create-secrets.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import { createVaultSimulator, type VaultSimulator } from '../../../sandbox/vault/index.ts';
import type { AppRole } from '../../../sandbox/vault/state.ts';
import { freePort } from '../../helpers/servers.ts';

export const ROLE_ID = 'role-of-the-read-worker';
export const SECRET_ID = 'secret-id-canary-5f1c';
/** Must never show up in an error, a warning or a journal. */
export const VALUE = 'hunter2-canary-9d3e';
export const REFERENCE = 'vault:secret/idlewise/wiz#clientSecret';

type VaultConfig = NonNullable<NonNullable<Config['secrets']>['vault']>;

export function configOf(address: string, more: Partial<VaultConfig> = {}, cacheFor = 300_000): SecretsConfig {
  const login = { roleId: 'env:VAULT_ROLE_ID', secretId: 'env:VAULT_SECRET_ID', appRoleMount: 'approle' };
  return { secrets: { cacheFor, vault: { address, timeout: 2000, ...login, ...more } } };
}

export interface VaultRig {
  readonly vault: VaultSimulator;
  readonly url: string;
  readonly warnings: string[];
  /** A process's secrets; closed with the rig. */
  secrets(more?: { config?: Partial<VaultConfig>; cacheFor?: number; env?: Record<string, string> }): Secrets;
  requests(path: string): number;
  stop(): Promise<void>;
}

export async function startVault(role: Partial<AppRole> = {}, namespace?: string): Promise<VaultRig> {
  const vault = createVaultSimulator({
    roles: [{ roleId: ROLE_ID, secretIds: new Map([[SECRET_ID, 1000]]), policies: ['idlewise'], ...role }],
    policies: { idlewise: ['secret/data/idlewise/', 'aws/creds/executor'] },
    ...(namespace === undefined ? {} : { namespace }),
  });
  vault.put('idlewise/wiz', { clientSecret: VALUE, empty: '', port: 443 });
  vault.put('other-team/db', { password: VALUE });
  const url = await vault.start();
  const opened: Secrets[] = [];
  const warnings: string[] = [];
  return {
    vault,
    url,
    warnings,
    secrets(more = {}) {
      const secrets = createSecrets({
        config: configOf(url, more.config, more.cacheFor),
        env: { VAULT_ROLE_ID: ROLE_ID, VAULT_SECRET_ID: SECRET_ID, ...more.env },
        warn: (message) => warnings.push(message),
      });
      opened.push(secrets);
      return secrets;
    },
    requests: (path) => vault.journal.entries().filter((e) => e.path.endsWith(path)).length,
    async stop() {
      for (const secrets of opened) await secrets.close();
      await vault.stop();
    },
  };
}

/** A real `vault server -dev` with the AppRole of these tests, or why there is none. */
export async function startRealVault(): Promise<
  { url: string; roleId: string; secretId: string; stop(): void } | { notRun: string }
> {
  const binary = (process.env.PATH ?? '')
    .split(':')
    .map((d) => `${d}/vault`)
    .find(existsSync);
  if (!binary) return { notRun: 'not run: no vault binary on PATH' };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(binary, ['server', '-dev', '-dev-root-token-id=root', `-dev-listen-address=127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  const cli = (...args: string[]) =>
    execFileSync(binary, args, {
      env: { ...process.env, VAULT_ADDR: url, VAULT_TOKEN: 'root' },
      encoding: 'utf8',
    }).trim();
  for (let left = 50; ; left--) {
    const up = await fetch(`${url}/v1/sys/health`)
      .then((r) => r.ok)
      .catch(() => false);
    if (up) break;
    if (left === 0) throw new Error('vault server -dev did not come up');
    await delay(200);
  }
  execFileSync(binary, ['policy', 'write', 'idlewise', '-'], {
    input: 'path "secret/data/idlewise/*" { capabilities = ["read"] }',
    env: { ...process.env, VAULT_ADDR: url, VAULT_TOKEN: 'root' },
  });
  cli('auth', 'enable', 'approle');
  cli('write', 'auth/approle/role/idlewise', 'token_policies=idlewise', 'token_ttl=3s', 'token_max_ttl=1h');
  cli('kv', 'put', 'secret/idlewise/wiz', `clientSecret=${VALUE}`, 'empty=');
  cli('kv', 'put', 'secret/other-team/db', `password=${VALUE}`);
  const roleId = cli('read', '-field=role_id', 'auth/approle/role/idlewise/role-id');
  const secretId = cli('write', '-f', '-field=secret_id', 'auth/approle/role/idlewise/secret-id');
  return { url, roleId, secretId, stop: () => void child.kill() };
}
