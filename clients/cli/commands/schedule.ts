import type { Command } from 'commander';
import { registerAuditSchedule, registerSweepSchedule, registerTelemetrySchedule } from '../../schedules.ts';
import type { Run } from '../main.ts';

/** Once per deployment, and again after `sweep.schedule`, `telemetry`, the accounts or `policy.waits` have changed. */
export function addScheduleCommand(program: Command, run: Run): void {
  program
    .command('schedule')
    .description(
      'create or update the schedules of the sweep, of the audit checkpoints and of telemetry; a paused one stays paused',
    )
    .addHelpText('after', '\nExample:\n  $ idlewise schedule --config prod.yaml')
    .action(async function (this: Command) {
      await run(this, async ({ config, temporal, out }) => {
        const client = await temporal();
        const settings = await config();
        const sweep = await registerSweepSchedule(client, settings);
        const audit = await registerAuditSchedule(client, settings);
        const telemetry = await registerTelemetrySchedule(client, settings);
        const registered = [`${sweep} (every ${settings.sweep.schedule.everyHours} h)`, audit, telemetry ?? []].flat();
        out.value({ sweep, audit, telemetry }, `registered ${registered.join(', ')}`);
      });
    });
}
