import type { Command } from 'commander';
import { loadRules } from '../../../config/load-rules.ts';
import { createAwsClients } from '../../../providers/cloud/aws/clients.ts';
import { createAwsReader } from '../../../providers/cloud/aws/reader/create-reader.ts';
import {
  chatFrom,
  cmdbFrom,
  cnappFrom,
  costFrom,
  modelFrom,
  ticketsFrom,
  utilisationFrom,
} from '../../../providers/registry.ts';
import { loadPolicy } from '../../../workers/compose/records.ts';
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
          { part: 'configuration', ok: true, says: `tenant ${config.tenant}, ${config.accounts.length} account(s)` },
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
  const aws = async () => {
    const { config } = await parts();
    return createAwsClients({ config: config.aws, accounts: config.accounts, secrets, role: 'read' });
  };
  return [
    ['rules', async () => `${(await loadRules()).rules.length} rules`],
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
    ['aws', async () => createAwsReader({ clients: await aws(), accounts: (await parts()).config.accounts }).check()],
    ['utilisation', async () => utilisationFrom({ ...(await parts()), aws: await aws() }).check()],
    [
      'cost',
      async () => costFrom({ ...(await parts()), aws: await aws(), cache: (await context.store()).cache }).check(),
    ],
    ['cnapp', async () => cnappFrom(await parts()).check()],
    ['cmdb', async () => cmdbFrom(await parts()).check()],
    ['tickets', async () => ticketsFrom(await parts()).check()],
    ['chat', async () => (await chatFrom(await parts())).check()],
    ['model', async () => (await modelFrom(await parts())).check()],
  ];
}

async function attempt(part: string, check: () => Promise<string>): Promise<Checkup> {
  try {
    return { part, ok: true, says: await check() };
  } catch (error) {
    return { part, ok: false, says: (error as Error).message };
  }
}
