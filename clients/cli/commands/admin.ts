import type { Command } from 'commander';
import { loadPolicy } from '../../../compose/records.ts';
import { verifierFrom } from '../../../compose/signing.ts';
import { placesOf } from '../../../domain/places.ts';
import type { DirectoryPerson } from '../../../ports/directory.ts';
import { settingStatement } from '../../../ports/statements.ts';
import type { AuditEventType } from '../../../schemas/audit.ts';
import { Phase } from '../../../schemas/phase.ts';
import { Signature } from '../../../schemas/signature.ts';
import type { CliContext } from '../context.ts';
import type { Run } from '../main.ts';
import { personOf, requireSigner } from '../person.ts';

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
        const config = await context.config();
        const person = personOf(as, config);
        await requireAdmin(person, { verb: 'KillSwitch', twoPerson: false });
        // Braking takes no key; letting go does.
        const signer = state === 'off' ? await requireSigner(person, config) : null;
        const at = new Date().toISOString();
        const signature = signer?.sign('setting', settingStatement({ setting: 'kill-switch', state, at })) ?? null;
        // Throwing the switch must never wait for the trail; releasing it must.
        const store = await context.store();
        const by = person.subject;
        if (state === 'on') await store.settings.setKillSwitch({ on: true, by, at });
        await appendConfig(context, { type: 'KILL_SWITCH', by, at, payload: { state, at, signature } });
        if (state === 'off') await store.settings.setKillSwitch({ on: false, by, at });
        context.out.value({ killSwitch: state }, `kill switch is ${state}`);
      });
    });

  program
    .command('phase <account> <phase>')
    .description(
      'set the phase of an account: observe, approve or automate; two admins say the same, each with their key',
    )
    .option('--region <region>', 'only this region')
    .requiredOption('--as <subject>', 'your e-mail address in the directory; must be in group admins')
    .addHelpText(
      'after',
      '\nExample, by one admin and then by another within a day:\n  $ idlewise phase 444455556666 automate --region us-east-1 --as cleo@acme.example\n  $ idlewise phase 444455556666 automate --region us-east-1 --as ana@acme.example',
    )
    .action(async function (this: Command, accountId: string, wanted: string) {
      const o = this.opts<{ region?: string; as: string }>();
      await run(this, async (context) => {
        const phase = Phase.safeParse(wanted);
        if (!phase.success) throw new Error(`the phase must be observe, approve or automate, found "${wanted}"`);
        const config = await context.config();
        if (!placesOf(config).some((a) => a.accountId === accountId))
          throw new Error(
            `account ${accountId} is not in the configuration; add it under accounts, azure.subscriptions or gcp.projects`,
          );
        const person = personOf(o.as, config);
        await requireAdmin(person, { verb: 'SetPhase', twoPerson: true });
        await setPhase(context, person, { accountId, region: o.region ?? null, phase: phase.data });
      });
    });
}

interface Wanted {
  readonly accountId: string;
  readonly region: string | null;
  readonly phase: Phase;
}

const PROPOSAL_VALID_MS = 86_400_000;

/** The first admin proposes, the second one sets it: both sign the same words, so neither can be made up by who can write. */
async function setPhase(context: CliContext, person: DirectoryPerson, wanted: Wanted): Promise<void> {
  const config = await context.config();
  const signer = await requireSigner(person, config);
  const by = person.subject;
  const now = new Date();
  const proposal = await proposalOf(context, { wanted, now, by });
  const at = proposal?.at ?? now.toISOString();
  const signature = signer.sign('setting', settingStatement({ setting: 'phase', ...wanted, at }));
  const where = `${wanted.accountId}${wanted.region === null ? '' : ` ${wanted.region}`}`;
  if (proposal === null) {
    await appendConfig(context, { type: 'PHASE_PROPOSED', by, at, payload: { ...wanted, at, signature } });
    context.out.value(
      { proposed: wanted, by },
      `proposed: ${where} in phase ${wanted.phase}. It takes effect when another admin says the same within a day`,
    );
    return;
  }
  const payload = { ...wanted, at, with: proposal.by, signatures: [proposal.signature, signature] };
  await appendConfig(context, { type: 'PHASE_CHANGED', by, at: now.toISOString(), payload });
  await (await context.store()).settings.setPhase({ ...wanted, by, at });
  context.out.value({ ...wanted, by: [proposal.by, by] }, `${where} is in phase ${wanted.phase}`);
}

/** What another admin signed for the same change, within a day and not used yet. */
async function proposalOf(
  context: CliContext,
  { wanted, now, by }: { wanted: Wanted; now: Date; by: string },
): Promise<{ readonly at: string; readonly by: string; readonly signature: Signature } | null> {
  const config = await context.config();
  const verifier = verifierFrom(config);
  let found: { at: string; by: string; signature: Signature } | null = null;
  for await (const { type, payload } of (await context.audit()).stream('config')) {
    if (payload?.['accountId'] !== wanted.accountId || payload['region'] !== wanted.region) continue;
    // Whatever was set since has overtaken it.
    if (type === 'PHASE_CHANGED') found = null;
    const signature = Signature.safeParse(payload['signature']);
    const at = String(payload['at']);
    if (type !== 'PHASE_PROPOSED' || payload['phase'] !== wanted.phase || !signature.success) continue;
    if (now.getTime() - Date.parse(at) > PROPOSAL_VALID_MS) continue;
    const statement = settingStatement({ setting: 'phase', ...wanted, at });
    const name = verifier.signerOf('setting', statement, signature.data)?.replace('person:', '') ?? by;
    if (name !== by) found = { at, by: name, signature: signature.data };
  }
  return found;
}

async function requireAdmin(
  person: DirectoryPerson,
  ask: { verb: 'KillSwitch' | 'SetPhase'; twoPerson: boolean },
): Promise<void> {
  const { subject, groups } = person;
  const decision = (await loadPolicy()).decideAdmin({ ...ask, subject, groups });
  if (!decision.allow) throw new Error(`policy says no to ${subject}: ${decision.reasons.join(', ')}`);
}

async function appendConfig(
  context: CliContext,
  entry: { type: AuditEventType; by: string; at: string; payload: Record<string, unknown> },
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
