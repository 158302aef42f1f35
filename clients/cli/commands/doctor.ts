import type { Command } from 'commander';
import { loadCatalogue } from '../../../config/load-rules.ts';
import { placesOf } from '../../../domain/places.ts';
import { partOf, readerByProvider, utilisationByProvider } from '../../../ports/by-provider.ts';
import {
  chatFrom,
  cloudsFrom,
  cmdbFrom,
  cnappFrom,
  costFrom,
  modelFrom,
  type ProviderParts,
  routingFrom,
  telemetryFrom,
  ticketsFrom,
} from '../../../compose/registry.ts';
import { openMemory } from '../../../compose/memory.ts';
import { loadPolicy } from '../../../compose/records.ts';
import type { CliContext } from '../context.ts';
import type { Run } from '../main.ts';

interface Checkup {
  readonly part: string;
  readonly ok: boolean;
  readonly says: string;
}

/** One cheap read per system; each failure is a sentence that says what is missing. */
export function addDoctorCommand(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('check the configuration and one cheap read per system; exits 1 when anything is wrong')
    .addHelpText('after', '\nExample:\n  $ idlewise doctor --config prod.yaml')
    .action(async function (this: Command) {
      await run(this, async (context) => {
        const config = await context.config();
        const results: Checkup[] = [
          { part: 'configuration', ok: true, says: `tenant ${config.tenant}, ${placesOf(config).length} account(s)` },
        ];
        for (const [part, check] of checks(context)) {
          context.out.progress(`checking ${part} …`);
          results.push(await attempt(part, check));
        }
        context.out.rows(
          ['part', 'state', 'says'],
          results.map((r) => [r.part, r.ok ? 'ok' : 'FAILED', r.says]),
          results,
        );
        return results.every((r) => r.ok) ? 0 : 1;
      });
    });
}

function checks(context: CliContext): [string, () => Promise<string>][] {
  const secrets = context.secrets();
  const parts = async () => ({ config: await context.config(), secrets });
  const cached = async () => ({ ...(await parts()), cache: (await context.store()).cache });
  const clouds = async () => cloudsFrom({ ...(await parts()), role: 'read' });
  return [
    ['rules', async () => `${(await loadCatalogue(await context.config())).rules.length} rules`],
    ['secrets', async () => (await secrets.check()).join('; ') || 'environment and files only'],
    ['policies', async () => (await loadPolicy(), 'validate strictly')],
    ['mongodb', async () => (await context.store()).check()],
    [
      'temporal',
      async () => (
        await (await context.temporal()).workflowService.getSystemInfo({}),
        `${(await context.config()).temporal.address} answers`
      ),
    ],
    ['clouds', async () => readerByProvider(partOf(await clouds(), (cloud) => cloud.reader)).check()],
    ['utilisation', async () => utilisationByProvider(partOf(await clouds(), (cloud) => cloud.utilisation)).check()],
    ['cost', async () => (await costFrom(await cached())).check()],
    ['cnapp', async () => (await cnappFrom(await cached())).check()],
    ['cmdb', async () => (await cmdbFrom(await parts())).check()],
    ['tickets', async () => (await ticketsFrom(await parts())).check()],
    [
      'routing',
      async () =>
        (await routingFrom(await cached()))?.check() ?? 'none configured: our own executor makes every change',
    ],
    ['chat', async () => (await chatFrom(await cached())).check()],
    ['model', async () => (await modelFrom(await parts())).check()],
    ['memory', async () => checkMemory(await parts())],
    [
      'telemetry',
      async () => (await telemetryFrom(await parts()))?.check() ?? 'none configured: audit events stay in the database',
    ],
  ];
}

async function checkMemory({ config, secrets }: ProviderParts): Promise<string> {
  const memory = await openMemory(config, secrets);
  try {
    return await memory.check();
  } finally {
    await memory.close();
  }
}

async function attempt(part: string, check: () => Promise<string>): Promise<Checkup> {
  try {
    return { part, ok: true, says: await check() };
  } catch (error) {
    return { part, ok: false, says: (error as Error).message };
  }
}
