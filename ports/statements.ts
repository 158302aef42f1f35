import { digestOf } from '../schemas/digest.ts';
import type { ApprovalRequest, Decision } from '../schemas/decision.ts';
import type { CaseDocument } from '../schemas/records.ts';
import type { SignerName, Verifier } from './signing.ts';

// The bodies that are signed, one function each, so that signer and verifier cannot differ. Absent and null are one: a field
// that a later version adds as null does not break what was signed before.

/** Who may sign a decision that came through this channel: the app that authenticated the person, or the person's own key. */
function decisionSigner({ via, subject }: Decision['actor']): SignerName | null {
  switch (via) {
    case 'slack':
    case 'teams':
      return `role:${via}`;
    case 'cli':
      return `person:${subject}`;
    default:
      return null;
  }
}

/** Did who had to sign this decision, over exactly this request? */
export function isSigned(decision: Decision, approval: ApprovalRequest, verifier: Verifier): boolean {
  const wanted = decisionSigner(decision.actor);
  const signer = verifier.signerOf('decision', decisionStatement(decision, approval), decision.signature);
  return wanted !== null && signer === wanted;
}

/** What a person said, about exactly which request, from which request of the channel. */
export function decisionStatement(decision: Decision, approval: ApprovalRequest): unknown {
  const { signature: _, ...said } = decision;
  return withoutNulls({ ...said, terms: digestOf(termsOf(approval)) });
}

/** Of a request for a decision, what does not move while it waits. */
function termsOf(approval: ApprovalRequest): unknown {
  const { status: _, chat: _chat, ticketId: _ticket, ...terms } = approval;
  return withoutNulls(terms);
}

/** What the read role gathered, before anybody judged it. */
export function gatheredStatement(document: CaseDocument): unknown {
  const { caseId, remediationId, round, environment, owner, createdAt, tagSetters, requester } = document;
  return withoutNulls({
    caseId,
    remediationId,
    round,
    environment,
    owner,
    createdAt,
    tagSetters,
    requester,
    record: digestOf(withoutNulls(document.record)),
    verdict: digestOf(withoutNulls(document.verdict)),
  });
}

/** What the assess role made of it: the risk, and which plans may be chosen by how many. */
export function assessedStatement(document: CaseDocument): unknown {
  const options = document.options.map(({ optionId, planDigest, requiredApprovals }) => ({
    optionId,
    planDigest,
    requiredApprovals,
  }));
  return withoutNulls({ gathered: gatheredStatement(document), risk: document.risk, options });
}

/** What the executor noted for itself about one step of one plan: an INTENT, a RESULT, that a phase began, how it ended. */
export function executionStatement(note: {
  readonly remediationId: string;
  readonly planDigest: string;
  readonly about: string;
  readonly body: Readonly<Record<string, unknown>>;
}): unknown {
  return withoutNulls(note);
}

/** The brakes and the roll-out, as an administrator states them. `at` keeps an old statement from being said again. */
export function settingStatement(
  setting:
    | { readonly setting: 'kill-switch'; readonly state: 'on' | 'off'; readonly at: string }
    | {
        readonly setting: 'phase';
        readonly accountId: string;
        readonly region: string | null;
        readonly phase: string;
        readonly at: string;
      },
): unknown {
  return withoutNulls(setting);
}

function withoutNulls(value: unknown): unknown {
  // As the database and the trail keep it: half a character pair would come back as something else.
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([k, v]) => (v === null || v === undefined ? [] : [[k, withoutNulls(v)]])),
  );
}
