import type { Config } from '../../../config/schema.ts';
import type { Answer } from '../../../decisions/types.ts';
import type { Store } from '../../../ports/store.ts';
import { digestPrefix } from '../../../providers/chat/buttons.ts';
import type { ApprovalRequest, DecisionKind } from '../../../schemas/decision.ts';
import type { ActionName } from '../../../schemas/option.ts';
import { findRemediation } from '../find-remediation.ts';

export interface DecideOptions {
  readonly as: string;
  readonly option?: string;
  readonly plan?: string;
  readonly reason?: string;
  readonly until?: string;
}

export const VERDICTS: ReadonlySet<string> = new Set<DecisionKind>(['approve', 'reject', 'snooze', 'withdraw']);

export const EXAMPLES = `
Examples:
  $ idlewise decide tmp-idle approve --option stop-instance --as ana@acme.example
  $ idlewise decide CHG0030023 reject --reason "month-end batch" --as ben@acme.example
  $ idlewise decide CHG0030024 snooze --until 2027-01-15T00:00:00Z --as ana@acme.example
  $ idlewise decide old-build withdraw --as cleo@acme.example`;

/** The words of the command line as an answer about one request. */
export async function answerOf(
  { store, config }: { store: Store; config: Config },
  said: { readonly target: string; readonly kind: DecisionKind; readonly options: DecideOptions },
): Promise<Answer> {
  const { target, kind, options } = said;
  const approvalId = target.startsWith('apr_') ? target : (await findRemediation(store, target))?.approvalId;
  if (!approvalId)
    throw new Error(
      `nothing is being asked about "${target}"; \`idlewise list --stage awaiting-decision\` shows what is`,
    );
  switch (kind) {
    case 'approve': {
      // Whether the records answer is for the service to say.
      const approval = await store.approvals.get(approvalId).catch(() => null);
      return { kind, approvalId, ...chosen(approval, options) };
    }
    case 'reject':
      return { kind, approvalId, reason: options.reason?.trim() ?? null };
    case 'snooze':
      return {
        kind,
        approvalId,
        until: options.until ?? new Date(Date.now() + config.policy.waits.snooze).toISOString(),
      };
    case 'withdraw':
      return { kind, approvalId };
  }
}

/** Without `--plan` the person approves the plan that is asked about now, as \`idlewise show\` prints it. */
function chosen(
  approval: ApprovalRequest | null,
  { option, plan }: DecideOptions,
): { readonly optionId: ActionName; readonly digest: string } {
  const offered = approval?.options.find((o) => o.optionId === option);
  if (approval !== null && !offered)
    throw new Error(
      `--option: must be one of ${approval.options.map((o) => o.optionId).join(', ')}, found "${option ?? 'nothing'}"`,
    );
  const now = offered?.planDigest ?? '';
  const digest = plan === undefined || (plan.length >= 8 && now.startsWith(plan.toLowerCase())) ? now : plan;
  return { optionId: (offered?.optionId ?? option ?? '') as ActionName, digest: digestPrefix(digest) };
}
