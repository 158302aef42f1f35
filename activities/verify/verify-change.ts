import { type CloudReader, factsIn } from '../../ports/cloud.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import { isProviderError, ProviderError } from '../../ports/errors.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Store } from '../../ports/store.ts';
import type { Posture } from '../../schemas/posture.ts';
import type { VerifyInput, VerifyResult } from '../contracts.ts';
import { notYet } from '../shared/failures.ts';
import { loadCase } from '../shared/load-case.ts';
import { remediationTrail } from '../shared/trail.ts';
import { expectedState } from './expected-state.ts';

export interface VerifyDeps {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly cnapp: CnappPort;
  readonly reader: CloudReader;
  readonly clock: () => Date;
}

const RESOLVED = 4;

/**
 * Proves the change: the cloud's own word first, then a rescan followed to its end and the findings read again. Every
 * look that finds "not yet" is a retry of this activity. Past the deadline the answer is `unverified`, which is not success.
 */
export async function verifyChange(deps: VerifyDeps, input: VerifyInput): Promise<VerifyResult> {
  const trail = remediationTrail(deps.audit, input.remediationId, deps.clock);
  const late = deps.clock().getTime() >= Date.parse(input.deadlineAt);
  const document = await loadCase(deps.store, input.caseId);
  const plan = await deps.store.cases.getPlan(input.planDigest);
  if (!plan)
    throw new ProviderError({
      kind: 'terminal',
      provider: 'idlewise',
      operation: 'verify',
      message: `no plan ${input.planDigest}`,
    });
  const issuesBefore = (document.record.posture?.findings ?? [])
    .filter((f) => f.isIssue && f.status_id !== RESOLVED)
    .map((f) => f.uid);

  const facts = factsIn(await deps.reader.describe([input.asset]), input.asset);
  const state = expectedState(plan, facts);
  if (state === 'not-yet' && !late) throw notYet('the cloud has not settled', input.pollMs);
  if (state !== 'reached') return conclude('contradicted', [`cloud-state:${facts?.state ?? 'gone'}`], issuesBefore);

  const scan = await rescan(deps, input, late);
  if (scan !== 'succeeded') return conclude('unverified', [`rescan:${scan}`], issuesBefore);

  const posture = await postureAfter(deps, input);
  const open = stillOpen(posture, issuesBefore);
  const unread = posture?.unread?.length ?? 0;
  // One that cannot be read may be one that is still open.
  if (unread > 0 && issuesBefore.length > 0 && plan.action !== 'resize-instance') {
    if (!late) throw notYet(`${unread} finding(s) could not be read`, input.pollMs);
    return conclude('unverified', ['findings-unread'], issuesBefore);
  }
  // A resize leaves the machine as exposed as it was: its issues are not ours to see closed.
  if (open.length > 0 && plan.action !== 'resize-instance') {
    if (!late) throw notYet(`${open.length} issue(s) not re-evaluated yet`, input.pollMs);
    return conclude(
      'unverified',
      open.map(() => 'issue-still-open'),
      issuesBefore,
    );
  }
  return conclude('verified', [], issuesBefore);

  async function conclude(
    result: VerifyResult['result'],
    reasons: string[],
    openIssueIds: string[],
  ): Promise<VerifyResult> {
    await trail.record('VERIFY', `${input.planDigest}/verify`, { result, reasons, cloudState: facts?.state ?? 'gone' });
    await deps.store.cases.putEvidence(`${input.planDigest}/verify`, {
      result,
      reasons,
      facts: facts ?? null,
      at: deps.clock().toISOString(),
    });
    return { result, reasons, openIssueIds };
  }
}

/** Asks once per plan, remembers the ticket number of the request, and reads its end. */
async function rescan(deps: VerifyDeps, input: VerifyInput, late: boolean): Promise<string> {
  const key = `${input.planDigest}/rescan`;
  const asked = await deps.store.cases.getEvidence(key);
  let rescanId = asked?.['rescanId'];
  if (typeof rescanId !== 'string') {
    try {
      ({ rescanId } = await deps.cnapp.requestRescan(input.asset));
    } catch (error) {
      if (isProviderError(error, 'not-found')) return 'asset-unknown-to-scanner';
      throw error;
    }
    await deps.store.cases.putEvidence(key, { rescanId, at: deps.clock().toISOString() });
  }
  const status = await deps.cnapp.rescanStatus(rescanId as string);
  if (status !== 'pending' && status !== 'running') return status;
  if (late) return 'deadline';
  throw notYet(`rescan is ${status}`, input.pollMs);
}

async function postureAfter(deps: VerifyDeps, input: VerifyInput): Promise<Posture | null> {
  try {
    return await deps.cnapp.posture(input.asset);
  } catch (error) {
    if (isProviderError(error, 'not-found')) return null;
    throw error;
  }
}

function stillOpen(posture: Posture | null, issuesBefore: readonly string[]): readonly string[] {
  const open = new Set(
    (posture?.findings ?? []).filter((f) => f.isIssue && f.status_id !== RESOLVED).map((f) => f.uid),
  );
  return issuesBefore.filter((uid) => open.has(uid));
}
