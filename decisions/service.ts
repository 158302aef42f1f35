import type { AuditLog } from '../ports/audit.ts';
import type { Signer, Verifier } from '../ports/signing.ts';
import type { Store } from '../ports/store.ts';
import { type Authorised, type AuthoriseDeps, authorise } from './authorise.ts';
import { auditOfDecision, decisionOf } from './decision.ts';
import { problemWith } from './problem.ts';
import { writeToTrail } from '../ports/decision-trail.ts';
import { createRedelivery } from './redelivery.ts';
import { type RefusalCode, refuse } from './refusals.ts';
import { createSecurityLog } from './security-log.ts';
import type { Answer, Channel, DecisionRequest, DecisionResult, Deliver, Log, Refused } from './types.ts';

/**
 * The one way a person decides, whatever they say it through: authorise → trail → records → workflow, and again whatever of
 * it did not happen. Adapters read the request and show the result, and know nothing else.
 */
export interface DecisionService {
  /** Never throws; ends in exactly one result, and every refusal is in the trail. */
  decide(request: DecisionRequest): Promise<DecisionResult>;
  /** For an adapter that cannot go on with what it was told to do, e.g. ask for a reason. */
  refuse(request: DecisionRequest, refused: Refused): Promise<DecisionResult & { kind: 'refused' }>;
  /** Finishes what an earlier process, or another, left half done; then keeps watching. */
  start(): Promise<void>;
  stop(): void;
}

export interface DecisionServiceDeps extends AuthoriseDeps {
  readonly channel: Channel;
  readonly store: Pick<Store, 'approvals' | 'assets' | 'remediations'>;
  readonly audit: AuditLog;
  readonly deliver: Deliver;
  /** Of the process that authenticates the person, or of the person: the executor believes nothing else. Null: no approvals. */
  readonly signer: Signer | null;
  readonly verifier: Verifier;
  readonly log: Log;
  /** @default 15000 */
  readonly redeliverEveryMs?: number;
  /** @default 300000 */
  readonly searchEveryMs?: number;
}

export function createDecisionService(deps: DecisionServiceDeps): DecisionService {
  const { audit, now, log } = deps;
  const security = createSecurityLog(deps);
  const redelivery = createRedelivery({
    ...deps,
    everyMs: deps.redeliverEveryMs ?? 15_000,
    searchEveryMs: deps.searchEveryMs ?? 300_000,
  });

  const settle = async (
    request: DecisionRequest & { answer: Answer },
    authorised: Authorised,
  ): Promise<DecisionResult> => {
    const { approval } = authorised;
    const refused = (code: RefusalCode, detail: string) =>
      service.refuse(request, { ...refuse(code, detail), ...authorised });
    if (deps.signer === null && request.answer.kind === 'approve')
      return refused('internal-error', 'approvals take a key, and this process has none');
    let decision = decisionOf(request, authorised, { now: now(), signer: deps.signer });
    try {
      decision = await writeToTrail(audit, auditOfDecision(decision, request, authorised), decision);
    } catch (error) {
      return refused('audit-unavailable', (error as Error).message);
    }
    const { stored, delivered } = await redelivery.finish(decision);
    if (stored === null) return { kind: 'pending', decision };
    if (stored === 'duplicate') return { kind: 'repeated', decision };
    const refusal = delivered?.answer?.accepted === false ? (delivered.answer.refusal ?? 'refused') : null;
    if (refusal) return refused(`workflow:${refusal}`, 'recorded, but the workflow did not count it');
    const decisions = await deps.store.approvals.decisionsOn(approval.approvalId).catch(() => [decision]);
    return { kind: 'recorded', decision, approval, decisions, delivered };
  };

  const service: DecisionService = {
    async decide(request) {
      const problem = problemWith(request.answer, now());
      if (problem) return { kind: 'invalid', ...problem };
      try {
        const verdict = await authorise(deps, request);
        if ('refused' in verdict) return await service.refuse(request, verdict);
        if ('repeats' in verdict) {
          // Telling the workflow again costs nothing and closes the gap of a crash between recording and telling.
          if (verdict.approval.status === 'open') await redelivery.finish(verdict.repeats);
          return { kind: 'repeated', decision: verdict.repeats };
        }
        const { answer } = request;
        if (answer === null) return await service.refuse(request, { ...refuse('unknown-approval'), ...NOBODY });
        if (answer.kind === 'reject' && answer.reason === null) return { kind: 'reason-missing', ...verdict };
        return await settle({ ...request, answer }, verdict);
      } catch (error) {
        const detail = (error as Error).message;
        log.error({ error: detail, requestHash: request.requestHash }, 'request to decide failed');
        return service.refuse(request, { ...refuse('internal-error', detail), ...NOBODY });
      }
    },

    async refuse(request, no) {
      const { approval, person } = no;
      const who = `${request.channel}UserId`;
      const payload = {
        reason: no.refused,
        detail: no.detail ?? null,
        [who]: request.externalId,
        answer: request.answer ? { ...request.answer } : null,
      };
      const result = { kind: 'refused', ...no } as const;
      if (approval === null) {
        await security({ reason: no.refused, requestHash: request.requestHash, payload });
        return result;
      }
      try {
        await audit.append({
          stream: `remediation/${approval.remediationId}`,
          eventId: `${request.channel}-refused/${request.requestHash}`,
          type: 'APPROVAL_REFUSED',
          at: new Date(now()).toISOString(),
          actor: { kind: 'human', id: person?.subject ?? `${request.channel}:${request.externalId}` },
          subject: approval.approvalId,
          payload: { ...payload, requestHash: request.requestHash, groups: [...(person?.groups ?? [])] },
        });
      } catch (error) {
        log.error({ reason: no.refused, error: (error as Error).message }, 'refusal not written to the trail');
      }
      return result;
    },

    start: () => redelivery.start(),
    stop: () => redelivery.stop(),
  };
  return service;
}

const NOBODY = { approval: null, person: null } as const;
