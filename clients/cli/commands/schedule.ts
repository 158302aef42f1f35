import type { Command } from 'commander';
import { registerAuditSchedule, registerSweepSchedule } from '../../schedules.ts';
import type { Run } from '../main.ts';

/** Once per deployment, and again after `sweep.schedule`, `accounts` or `policy.waits` have changed. */
export function addScheduleCommand(program: Command, run: Run): void {
  program
    .command('schedule')
    .description('create or update the schedules of the sweep and of the audit checkpoints; a paused one stays paused')
    .addHelpText('after', '\nExample:\n  $ idlewise schedule --config prod.yaml')
    .action(async function (this: Command) {
      await run(this, async ({ config, temporal, out }) => {
        const client = await temporal();
        const settings = await config();
        const sweep = await registerSweepSchedule(client, settings);
        const audit = await registerAuditSchedule(client, settings);
        out.value({ sweep, audit }, `registered ${sweep} (every ${settings.sweep.schedule.everyHours} h) and ${audit}`);
      });
    });
}
