import type { RefusalCode } from '../ports/refusals.ts';

export { REFUSALS, type Refusal, type RefusalCode, refuse } from '../ports/refusals.ts';

/** What a run that is gone is said to answer. */
export const RUN_REFUSALS = ['run-not-found', 'run-closed'] as const;

/** Whether the same answer may count a little later: the trouble was ours or a vendor's. */
export function passes(code: RefusalCode): boolean {
  return code.endsWith('-unavailable') || code === 'internal-error';
}

const NOTHING = 'Nothing was recorded and nothing will change.';
const AGAIN = 'Please say it again in a minute.';

const SENTENCES: Readonly<Record<string, string>> = {
  'other-app': `This button belongs to another app. ${NOTHING}`,
  'other-workspace': `Only members of our own workspace may decide. ${NOTHING}`,
  'unknown-approval': `Idlewise does not know this request. It may come from another installation. ${NOTHING}`,
  'deactivated-user': `This account is deactivated and may not decide. ${NOTHING}`,
  bot: `Bots may not decide; a person has to. ${NOTHING}`,
  guest: `Guest accounts may not decide. ${NOTHING}`,
  'unverified-email': `Your e-mail address there is not verified, so Idlewise cannot tell who you are. ${NOTHING}`,
  'not-an-approver': `You are not in the group of approvers. Ask one of them to decide, or to add you. ${NOTHING}`,
  'already-decided': 'This was decided already; the thread says by whom and how.',
  expired: `This request has expired, and expired means no. Idlewise will ask again if the asset stays idle. ${NOTHING}`,
  superseded: `This message is out of date: the asset or the plan has changed since. Use the newer message. ${NOTHING}`,
  cancelled: `This request was withdrawn, for example because its ticket was closed. ${NOTHING}`,
  'not-approved': `Nothing was approved here yet, so there is nothing to call off; reject the request instead. ${NOTHING}`,
  'plan-digest-mismatch': `The plan behind this button is not the plan that is open now. Use the newest message. ${NOTHING}`,
  'self-approval': `You set this off yourself (your tag or request started it), so somebody else has to approve it. ${NOTHING}`,
  'records-unavailable': `Idlewise cannot reach its records, and does not accept what it cannot write down. ${AGAIN}`,
  'audit-unavailable': `Idlewise cannot reach its audit trail, and does not accept what it cannot write down there. ${AGAIN} Should it turn out to be written after all, it counts once.`,
  'slack-unavailable': `Slack did not tell Idlewise who you are or what you may do. ${AGAIN}`,
  'teams-unavailable': `Teams did not tell Idlewise who you are or what you may do. ${AGAIN}`,
  'run-not-found': 'This remediation is not running any more; the thread says how it ended.',
  'run-closed': 'This remediation ended while you decided; the thread says how.',
  'internal-error': `Something went wrong inside Idlewise. ${AGAIN}`,
};

/** What the person is told, in plain words, with the code for whoever has to look it up. */
export function explain(code: RefusalCode): string {
  return `🚫 ${sentence(code)} (${code})`;
}

function sentence(code: RefusalCode): string {
  if (code.startsWith('workflow:'))
    return SENTENCES[code.slice('workflow:'.length)] ?? 'The workflow did not accept this.';
  if (code.startsWith('policy:')) return `The change policy does not allow you to do this. ${NOTHING}`;
  return SENTENCES[code] ?? NOTHING;
}
