import type { Command } from 'commander';
import { placesOf } from '../../../domain/places.ts';
import { Phase } from '../../../schemas/phase.ts';
import { createDirectory } from '../../../providers/directory/directory.ts';
import { loadPolicy } from '../../../compose/records.ts';
import type { CliContext } from '../context.ts';
import type { Run } from '../main.ts';

/** The brakes and the roll-out: who may is decided by policy, and every change is in the trail before it takes effect. */
export function addAdminCommands(program: Command, run: Run): void {
  program
    .command('kill-switch <on|off>')
    .description('stop every change to the cloud at once, or allow changes again')
    .requiredOption('--as <subject>', 'your e-mail address in the directory; must be in group admins')
    .addHelpText('after', '\nExample:\n  $ idlewise kill-switch on --as cleo@acme.example')
    .action(async function (this: Command, state: string) {
      const { as } = this.opts<{ as: string }>();
      await run(this, async (context) => {
        if (state !== 'on' && state !== 'off') throw new Error(`the state must be on or off, found "${state}"`);
        await requireAdmin(context, { verb: 'KillSwitch', subject: as, twoPerson: false });
        const at = new Date().toISOString();
        // Throwing the switch must never wait for the trail; releasing it must.
        const store = await context.store();
        if (state === 'on') await store.settings.setKillSwitch({ on: true, by: as, at });
        await appendConfig(context, { type: 'KILL_SWITCH', by: as, at, payload: { state } });
        if (state === 'off') await store.settings.setKillSwitch({ on: false, by: as, at });
        context.out.value({ killSwitch: state }, `kill switch is ${state}`);
      });
    });

  program
    .command('phase <account> <phase>')
    .description('set the phase of an account: observe, approve or automate')
    .option('--region <region>', 'only this region')
    .requiredOption('--as <subject>', 'your e-mail address in the directory; must be in group admins')
    .requiredOption('--with <subject>', 'the second admin who agrees')
    .addHelpText(
      'after',
      '\nExample:\n  $ idlewise phase 444455556666 automate --region us-east-1 --as cleo@acme.example --with ana@acme.example',
    )
    .action(async function (this: Command, accountId: string, wanted: string) {
      const o = this.opts<{ region?: string; as: string; with: string }>();
      await run(this, async (context) => {
        const phase = Phase.safeParse(wanted);
        if (!phase.success) throw new Error(`the phase must be observe, approve or automate, found "${wanted}"`);
        if (!placesOf(await context.config()).some((a) => a.accountId === accountId))
          throw new Error(
            `account ${accountId} is not in the configuration; add it under accounts, azure.subscriptions or gcp.projects`,
          );
        const twoPerson = o.with.toLowerCase() !== o.as.toLowerCase();
        await requireAdmin(context, { verb: 'SetPhase', subject: o.with, twoPerson });
        await requireAdmin(context, { verb: 'SetPhase', subject: o.as, twoPerson });
        const at = new Date().toISOString();
        await appendConfig(context, {
          type: 'PHASE_CHANGED',
          by: o.as,
          at,
          payload: { accountId, region: o.region ?? null, phase: phase.data, with: o.with },
        });
        await (await context.store()).settings.setPhase({
          accountId,
          region: o.region ?? null,
          phase: phase.data,
          by: o.as,
          at,
        });
        context.out.value({ accountId, phase: phase.data }, `${accountId} is in phase ${phase.data}`);
      });
    });
}

async function requireAdmin(
  context: CliContext,
  ask: { verb: 'KillSwitch' | 'SetPhase'; subject: string; twoPerson: boolean },
): Promise<void> {
  const config = await context.config();
  const person = createDirectory(config.directory).bySubject(ask.subject.toLowerCase());
  if (!person) throw new Error(`${ask.subject} is not in directory.people of the configuration`);
  const decision = (await loadPolicy()).decideAdmin({
    verb: ask.verb,
    subject: person.subject,
    groups: person.groups,
    twoPerson: ask.twoPerson,
  });
  if (!decision.allow) throw new Error(`policy says no to ${ask.subject}: ${decision.reasons.join(', ')}`);
}

async function appendConfig(
  context: CliContext,
  entry: { type: 'KILL_SWITCH' | 'PHASE_CHANGED'; by: string; at: string; payload: Record<string, unknown> },
): Promise<void> {
  const audit = await context.audit();
  await audit.append({
    stream: 'config',
    eventId: `${entry.type}/${entry.at}/${entry.by}`,
    type: entry.type,
    at: entry.at,
    actor: { kind: 'human', id: entry.by },
    subject: 'settings',
    payload: entry.payload,
  });
}
