import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { describeIssue } from '../../../config/load.ts';
import { digestOf } from '../../../providers/digest.ts';
import { createDirectory } from '../../../providers/directory/directory.ts';
import type { ApprovalRequest, Decision } from '../../../schemas/decision.ts';
import { DecisionKind, Decision as DecisionSchema } from '../../../schemas/decision.ts';
import { loadPolicy } from '../../../workers/compose/records.ts';
import { createDecide } from '../../../decisions/deliver.ts';
import type { CliContext } from '../context.ts';
import { findRemediation } from '../find-remediation.ts';
import type { Run } from '../main.ts';

interface DecideOptions {
  readonly as: string;
  readonly option?: string;
  readonly reason?: string;
  readonly until?: string;
}

const FLAG: Readonly<Record<string, string>> = { reason: '--reason', snoozeUntil: '--until' };
const AUDIT_TYPE = { approve: 'APPROVAL_GIVEN', reject: 'APPROVAL_REJECTED', snooze: 'APPROVAL_SNOOZED' } as const;

export function addDecideCommand(program: Command, run: Run): void {
  program
    .command('decide <asset-or-ticket> <verdict>')
    .description('decide without the chat: approve, reject, snooze, or withdraw an approved change during its hold')
    .requiredOption('--as <subject>', 'your e-mail address in the directory; must be in group approvers')
    .option('--option <name>', 'for approve: the option, e.g. stop-instance')
    .option('--reason <text>', 'for reject: why')
    .option('--until <instant>', 'for snooze: ISO-8601 UTC (default: policy.waits.snooze from now)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise decide tmp-idle approve --option stop-instance --as ana@acme.example\n  $ idlewise decide CHG0030023 reject --reason "month-end batch" --as ben@acme.example\n  $ idlewise decide CHG0030024 snooze --until 2027-01-15T00:00:00Z --as ana@acme.example\n  $ idlewise decide old-build withdraw --as cleo@acme.example',
    )
    .action(async function (this: Command, target: string, verdict: string) {
      const options = this.opts<DecideOptions>();
      await run(this, async (context) => {
        if (verdict === 'withdraw') return withdraw(context, target, options);
        const kind = DecisionKind.safeParse(verdict);
        if (!kind.success)
          throw new Error(`the verdict must be approve, reject, snooze or withdraw, found "${verdict}"`);
        const approval = await findApproval(context, target);
        const decision = await decisionOf(context, { approval, kind: kind.data, options });
        await authorise(context, approval, decision);
        const store = await context.store();
        const audit = await context.audit();
        await store.approvals.recordDecision(decision);
        await audit.append({
          stream: `remediation/${decision.remediationId}`,
          eventId: `decision/${decision.decisionId}`,
          type: AUDIT_TYPE[decision.kind],
          at: decision.decidedAt,
          actor: { kind: 'human', id: decision.actor.subject },
          subject: decision.approvalId,
          payload: { ...decision },
        });
        const result = await createDecide(await context.temporal())(decision);
        const refused = result.answer && !result.answer.accepted;
        context.out.value(
          result,
          refused
            ? `refused: ${result.answer?.refusal}`
            : result.via === 'signal'
              ? 'recorded; it takes effect when a worker is back'
              : `accepted (${result.answer?.approvalsCounted} of ${result.answer?.approvalsRequired || 1})`,
        );
        return refused ? 1 : 0;
      });
    });
}

async function findApproval(context: CliContext, target: string): Promise<ApprovalRequest> {
  const store = await context.store();
  const id = target.startsWith('apr_') ? target : (await findRemediation(store, target))?.approvalId;
  const approval = id ? await store.approvals.get(id) : null;
  if (!approval)
    throw new Error(
      `nothing is being asked about "${target}"; \`idlewise list --stage awaiting-decision\` shows what is`,
    );
  return approval;
}

async function decisionOf(
  context: CliContext,
  ask: { approval: ApprovalRequest; kind: DecisionKind; options: DecideOptions },
): Promise<Decision> {
  const { approval, kind, options } = ask;
  const person = await personNamed(context, options.as);
  const chosen = kind === 'approve' ? approval.options.find((o) => o.optionId === options.option) : undefined;
  if (kind === 'approve' && !chosen)
    throw new Error(
      `--option: must be one of ${approval.options.map((o) => o.optionId).join(', ')}, found "${options.option ?? 'nothing'}"`,
    );
  const decision: Decision = {
    decisionId: `d-${digestOf([approval.approvalId, person.subject, kind, chosen?.optionId ?? null]).slice(0, 40)}`,
    approvalId: approval.approvalId,
    remediationId: approval.remediationId,
    kind,
    optionId: chosen?.optionId ?? null,
    planDigest: chosen?.planDigest ?? null,
    reason: options.reason ?? null,
    snoozeUntil: kind === 'snooze' ? (options.until ?? (await defaultSnooze(context))) : null,
    actor: { subject: person.subject, displayName: person.displayName, via: 'cli', externalId: userInfo().username },
    decidedAt: new Date().toISOString(),
  };
  const parsed = DecisionSchema.safeParse(decision);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((i) =>
      describeIssue(i, decision).replace(/^(reason|snoozeUntil)/, (f) => FLAG[f] ?? f),
    );
    throw new Error(problems.join('; ').replaceAll('; found null', ''));
  }
  return parsed.data;
}

async function defaultSnooze(context: CliContext): Promise<string> {
  return new Date(Date.now() + (await context.config()).policy.waits.snooze).toISOString();
}

/** The same questions the chat asks: open, in time, and allowed by policy. Every refusal is audited. */
async function authorise(context: CliContext, approval: ApprovalRequest, decision: Decision): Promise<void> {
  const refusal =
    approval.status !== 'open'
      ? `the request is ${approval.status}`
      : Date.now() >= Date.parse(approval.expiresAt)
        ? `it expired at ${approval.expiresAt}`
        : await policyRefusal(context, approval, decision);
  if (refusal === null) return;
  await (await context.audit()).append({
    stream: `remediation/${approval.remediationId}`,
    eventId: `refused/${decision.decisionId}/${decision.decidedAt}`,
    type: 'APPROVAL_REFUSED',
    at: decision.decidedAt,
    actor: { kind: 'human', id: decision.actor.subject },
    subject: approval.approvalId,
    payload: { reason: refusal, via: 'cli', verdict: decision.kind },
  });
  throw new Error(`refused: ${refusal}`);
}

async function policyRefusal(
  context: CliContext,
  approval: ApprovalRequest,
  decision: Decision,
): Promise<string | null> {
  const person = await personNamed(context, decision.actor.subject);
  const asset = await (await context.store()).assets.get(approval.assetKey);
  const answer = (await loadPolicy()).decideHuman({
    verb: decision.kind,
    subject: person.subject,
    groups: person.groups,
    requester: approval.requesterSubject,
    asset: {
      assetKey: approval.assetKey,
      environment: asset?.environment ?? 'unknown',
      accountId: approval.accountId,
      owner: approval.ownerSubject,
      tags: [],
      managedBy: 'none',
      autoScaled: false,
      tagSetter: approval.requesterSubject,
    },
    now: Math.floor(Date.now() / 1000),
    approvalExpiresAt: Math.floor(Date.parse(approval.expiresAt) / 1000),
  });
  return answer.allow ? null : `policy says no to ${person.subject}: ${answer.reasons.join(', ')}`;
}

async function withdraw(context: CliContext, remediationId: string, options: DecideOptions): Promise<void> {
  const approval = await findApproval(context, remediationId);
  const person = await personNamed(context, options.as);
  const decidedAt = new Date().toISOString();
  const refusal = await policyRefusal(
    context,
    { ...approval, expiresAt: new Date(Date.now() + 60_000).toISOString() },
    {
      ...EMPTY,
      kind: 'reject',
      approvalId: approval.approvalId,
      remediationId: approval.remediationId,
      decidedAt,
      actor: { subject: person.subject, displayName: person.displayName, via: 'cli', externalId: userInfo().username },
    },
  );
  if (refusal !== null) throw new Error(`refused: ${refusal}`);
  await (await context.audit()).append({
    stream: `remediation/${approval.remediationId}`,
    eventId: `withdrawn/${approval.approvalId}/${person.subject}`,
    type: 'APPROVAL_CANCELLED',
    at: decidedAt,
    actor: { kind: 'human', id: person.subject },
    subject: approval.approvalId,
    payload: { withdrawnBy: person.subject },
  });
  await (await context.temporal()).workflow.getHandle(approval.remediationId).signal('withdraw', person.displayName);
  context.out.value(
    { withdrawn: approval.remediationId },
    'asked the run to call the change off; it does so if it is still held',
  );
}

const EMPTY = { decisionId: 'withdraw', optionId: null, planDigest: null, reason: 'withdrawn', snoozeUntil: null };

async function personNamed(context: CliContext, subject: string) {
  const person = createDirectory((await context.config()).directory).bySubject(subject.toLowerCase());
  if (!person) throw new Error(`--as: ${subject} is not in directory.people of the configuration`);
  return person;
}
