import { z } from 'zod';
import { isProviderError } from '../../../ports/errors.ts';
import { vaultError, vaultStatusError } from './errors.ts';
import type { VaultAnswer, VaultRequest, VaultSend } from './transport.ts';

export interface VaultSession {
  /** Sends under the current token. A token that ended early is replaced once; a denial is not. */
  send(request: VaultRequest): Promise<VaultAnswer>;
  /** Counts logins: what was made under an earlier one ends with that one. */
  generation(): number;
  /** Revokes the token, and with it every lease made under it. Never throws. */
  close(): Promise<void>;
}

export interface VaultSessionOptions {
  readonly send: VaultSend;
  /** Mount of the AppRole method. */
  readonly mount: string;
  /** Read again at every login, so that a rotated secret id is picked up. */
  readonly credentials: () => Promise<{ roleId: string; secretId: string }>;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: (() => number) | undefined;
}

const Auth = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    lease_duration: z.number().nonnegative(),
    renewable: z.boolean(),
  }),
});

interface Token {
  readonly value: string;
  readonly renewable: boolean;
  /** What the login granted; renewals that grant much less have met the maximum. */
  readonly grantedMs: number;
  /** Infinity: it does not end. */
  expiresAt: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const RETRY_RENEWAL_MS = 1000;

/** AppRole login; the token is renewed at two thirds of its lease, in the background, because leases hang on it. */
export function createVaultSession(options: VaultSessionOptions): VaultSession {
  const { send, mount, credentials, clock = Date.now } = options;
  let current: Token | null = null;
  let pending: Promise<Token> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let generation = 0;
  let closed = false;

  const login = async (): Promise<Token> => {
    const { roleId, secretId } = await credentials();
    const operation = 'login (AppRole)';
    const answer = await send({
      operation,
      method: 'POST',
      path: `auth/${mount}/login`,
      body: { role_id: roleId, secret_id: secretId },
      expect: [400, 403],
    });
    if (answer.status >= 400)
      throw vaultError(
        operation,
        'unauthorised',
        `HTTP ${answer.status}: role id or secret id refused; check secrets.vault.roleId and secretId (a secret id can be used up or out of date)`,
        { status: answer.status },
      );
    const { client_token, lease_duration, renewable } = parseAuth(operation, answer.body);
    const grantedMs = lease_duration * 1000;
    generation += 1;
    const token = { value: client_token, renewable, grantedMs, expiresAt: endOf(grantedMs, clock()) };
    current = token;
    schedule(token, grantedMs);
    return token;
  };

  const schedule = (token: Token, leaseMs: number) => {
    clearTimeout(timer);
    if (closed || leaseMs === 0 || !token.renewable) return;
    const inMs = Math.min((leaseMs * 2) / 3, LONGEST_TIMER_MS);
    timer = setTimeout(() => void renew(token), inMs).unref();
  };

  const renew = async (token: Token): Promise<void> => {
    if (closed || current !== token) return;
    const operation = 'renew-self';
    try {
      const { body } = await send({
        operation,
        method: 'POST',
        path: 'auth/token/renew-self',
        token: token.value,
        body: { increment: `${Math.ceil(token.grantedMs / 1000)}s` },
      });
      const leaseMs = parseAuth(operation, body).lease_duration * 1000;
      token.expiresAt = endOf(leaseMs, clock());
      // Capped by its maximum: a new login while the old token still lives, so that nothing stands still at its end.
      if (leaseMs < token.grantedMs / 2) await fresh();
      else schedule(token, leaseMs);
    } catch (error) {
      if (closed || current !== token) return;
      const passing = isProviderError(error, 'unavailable') || isProviderError(error, 'retry-after');
      if (passing && clock() < token.expiresAt) timer = setTimeout(() => void renew(token), RETRY_RENEWAL_MS).unref();
      // Otherwise the next use logs in.
      else current = null;
    }
  };

  const fresh = (): Promise<Token> => {
    pending ??= login().finally(() => {
      pending = null;
    });
    return pending;
  };

  const token = async (operation: string): Promise<Token> => {
    if (closed) throw vaultError(operation, 'terminal', 'secrets were closed: this process is stopping');
    return current && clock() < current.expiresAt ? current : fresh();
  };

  return {
    generation: () => generation,
    async send(request) {
      const expect = [...(request.expect ?? []), 403];
      const first = await token(request.operation);
      const answer = await send({ ...request, expect, token: first.value });
      if (answer.status !== 403) return answer;
      // 403 is both "this token has ended" and "this token may not"; only the first is worth a login.
      if (await alive(send, first.value)) throw vaultStatusError(request.operation, 403);
      if (current === first) current = null;
      const second = await send({ ...request, expect, token: (await token(request.operation)).value });
      if (second.status === 403) throw vaultStatusError(request.operation, 403);
      return second;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await pending?.catch(() => undefined);
      clearTimeout(timer);
      const last = current;
      current = null;
      if (last)
        await send({
          operation: 'revoke-self',
          method: 'POST',
          path: 'auth/token/revoke-self',
          token: last.value,
        }).catch(() => undefined);
    },
  };
}

async function alive(send: VaultSend, token: string): Promise<boolean> {
  const path = 'auth/token/lookup-self';
  return (await send({ operation: 'lookup-self', method: 'GET', path, token, expect: [403] })).status === 200;
}

/** A little early, so that a token does not end on its way; a lease of zero does not end. */
function endOf(leaseMs: number, now: number): number {
  return leaseMs === 0 ? Number.POSITIVE_INFINITY : now + leaseMs - Math.min(5000, leaseMs / 20);
}

function parseAuth(operation: string, body: unknown): z.infer<typeof Auth>['auth'] {
  const parsed = Auth.safeParse(body);
  if (parsed.success) return parsed.data.auth;
  const field = parsed.error.issues[0]?.path.join('.') || 'auth';
  throw vaultError(operation, 'malformed', `the answer's ${field} is not what Vault promises; check the address`);
}
