import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ScanPageInput, ScanPageResult } from '../../activities/contracts.ts';
import type { GatherDeps } from '../../activities/gather/gather-context.ts';
import { scanPage } from '../../activities/sweep/scan-page.ts';
import { loadConfig } from '../../config/load.ts';
import { loadCatalogue } from '../../config/load-rules.ts';
import { withDenyTags } from '../../domain/detection/exclusions.ts';
import { partOf, readerByProvider, utilisationByProvider } from '../../ports/by-provider.ts';
import { cloudsFrom, cmdbFrom, cnappFrom, costFrom } from '../../compose/registry.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { openAudit, openStore } from '../../compose/records.ts';

/**
 * `node idlewise-sweep.ts <config> <database>`: one account and region swept by the activity that the workflow runs page
 * by page, with the providers a read worker has. Prints what it found and how long it took as one JSON line.
 */
const [configFile, database] = process.argv.slice(2);
const loaded = await loadConfig(configFile);
const config = { ...loaded, mongodb: { ...loaded.mongodb, database: database ?? 'bench' } };
const secrets = createSecrets();
const clouds = await cloudsFrom({ config, secrets, role: 'read' });
const store = await openStore(config, secrets);
const audit = await openAudit(config, secrets);
const waits: Record<string, number> = {};
const deps: GatherDeps = {
  config,
  audit,
  store,
  rules: withDenyTags((await loadCatalogue(config)).rules, config.policy.denyTags),
  clock: () => new Date(),
  cnapp: timed('inventory and posture', await cnappFrom({ config, secrets, cache: store.cache })),
  reader: timed('describe', readerByProvider(partOf(clouds, (cloud) => cloud.reader))),
  utilisation: timed('metrics', utilisationByProvider(partOf(clouds, (cloud) => cloud.utilisation))),
  cost: timed('costs', await costFrom({ config, secrets, cache: store.cache })),
  cmdb: timed('CMDB', await cmdbFrom({ config, secrets })),
};
const account = config.accounts[0];
const region = account?.regions[0];
if (!account || !region) throw new Error('no account to sweep');

const sweepId = `bench-${process.pid}`;
const started = performance.now();
await store.sweeps.begin(sweepId, new Date().toISOString());
let cursor: string | null = null;
let page = 0;
let scanned = 0;
do {
  const input: ScanPageInput = {
    tenant: config.tenant,
    sweepId,
    accountId: account.accountId,
    region,
    cursor,
    page,
    pageSize: config.sweep.pageSize,
  };
  // Outside a worker there is nobody to send heartbeats to.
  const nobody = { heartbeat: () => undefined } as unknown as Context;
  const result: ScanPageResult = await asyncLocalStorage.run(nobody, () => scanPage(deps, input));
  scanned += result.counts.scanned;
  cursor = result.nextCursor;
  page++;
} while (cursor !== null);
const sweepMs = performance.now() - started;

const opportunities = await store.opportunities.ranked({ sweepId, limit: 100_000 });
const idle = opportunities
  .filter((o) => o.ruleId === 'aws-ec2-instance-idle')
  .map((o) => o.assetKey.slice(o.assetKey.lastIndexOf('/') + 1));
process.stdout.write(`${JSON.stringify({ scanned, pages: page, sweepMs, idle, waits })}\n`);

await audit.close();
await store.close();

/** The same port, noting for how long at least one of its answers was awaited. */
function timed<T extends object>(name: string, port: T): T {
  let open = 0;
  let since = 0;
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (open++ === 0) since = performance.now();
        return Promise.resolve(member.apply(target, args) as unknown).finally(() => {
          if (--open === 0) waits[name] = (waits[name] ?? 0) + performance.now() - since;
        });
      };
    },
  });
}
