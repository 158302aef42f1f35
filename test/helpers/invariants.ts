import assert from 'node:assert/strict';
import { verifyExport } from '../../clients/audit/verify.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import type { AuditEvent } from '../../schemas/audit.ts';
import { openAudit } from '../../compose/records.ts';
import { effective, type TestStack } from './stack.ts';

export type TrailRow = AuditEvent & { readonly payload: Record<string, unknown> | null };

/** Every row of the trail of one asset's remediation, in order. */
export async function trailOf(stack: TestStack, name: string): Promise<readonly TrailRow[]> {
  const remediation = await stack.remediation(name);
  assert.ok(remediation, `${name} has a remediation`);
  return (await exportedTrail(stack)).filter((row) => row.stream === `remediation/${remediation.remediationId}`);
}

/** The whole trail as exported, checked offline first: nothing is believed of a trail that does not verify. */
export async function exportedTrail(stack: TestStack): Promise<readonly TrailRow[]> {
  const audit = await openAudit(stack.config, createSecrets(), { sign: true });
  try {
    let text = '';
    for await (const line of audit.export()) text += line;
    const verdict = await verifyExport({ content: text });
    assert.equal(verdict.status, 'intact', JSON.stringify(verdict.firstProblem ?? verdict.undecidable));
    const rows: TrailRow[] = [];
    for (const stream of await audit.streams()) for await (const row of audit.stream(stream)) rows.push(row);
    return rows;
  } finally {
    await audit.close();
  }
}

/** Every refused interaction in the trail, those of known requests and those nobody could be named for. */
export async function refusalsIn(stack: TestStack): Promise<readonly { reason: string; who: string }[]> {
  return (await exportedTrail(stack))
    .filter((row) => row.type === 'APPROVAL_REFUSED' || row.type === 'SECURITY')
    .map(({ payload, actor }) => ({
      reason: String(payload?.['reason']),
      who: `${actor.id} ${String(payload?.['slackUserId'] ?? '')}`,
    }));
}

/** INTENTs and RESULTs of each step, e.g. `stop: 1/1`. */
export function effectRecords(trail: readonly TrailRow[]): Record<string, string> {
  const steps = new Map<string, [number, number]>();
  for (const row of trail) {
    const step = row.payload?.['step'];
    if (typeof step !== 'string' || (row.type !== 'INTENT' && row.type !== 'RESULT')) continue;
    const [intents, results] = steps.get(step) ?? [0, 0];
    steps.set(step, row.type === 'INTENT' ? [intents + 1, results] : [intents, results + 1]);
  }
  return Object.fromEntries([...steps].map(([step, [intents, results]]) => [step, `${intents}/${results}`]));
}

/**
 * What must hold whatever was done to the system:
 * I1 at most one effect of each kind per asset · I2 no effect without a decision that named it, given before · I3 the trail
 * verifies and has no open INTENT · I4 every remediation has ended or waits, and says why.
 */
export async function assertInvariants(stack: TestStack): Promise<void> {
  const rows = await exportedTrail(stack);
  const effects = await effective(stack.urls.aws);

  const seen = new Map<string, number>();
  for (const { operation, resourceIds } of effects) {
    if (operation === 'ec2:StartInstances' || operation === 'ec2:CreateTags') continue;
    const id = `${operation} ${resourceIds[0]}`;
    seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  const twice = [...seen].filter(([, count]) => count > 1);
  assert.deepEqual(twice, [], 'I1: no effect happened twice');

  const given = new Map(
    rows.filter((r) => r.type === 'APPROVAL_GIVEN').map((r) => [String(r.payload?.['decisionId']), r.at]),
  );
  for (const effect of effects) {
    const at = given.get(effect.sourceIdentity ?? '');
    assert.ok(
      at !== undefined,
      `I2: ${effect.operation} names a decision of the trail, found ${effect.sourceIdentity}`,
    );
    assert.ok(Date.parse(at) <= Date.parse(effect.at), `I2: ${effect.operation} came after its decision`);
  }

  const intents = rows.filter((r) => r.type === 'INTENT');
  for (const intent of intents) {
    const { step, planDigest } = intent.payload ?? {};
    const closed = rows.some(
      (r) => r.type === 'RESULT' && r.payload?.['step'] === step && r.payload?.['planDigest'] === planDigest,
    );
    assert.ok(closed, `I3: INTENT of ${step} in ${intent.stream} has its RESULT`);
  }

  for (const row of await stack.store.remediations.list({ limit: 10_000 })) {
    const waits = row.stage === 'awaiting-decision' || row.stage === 'snoozed';
    assert.ok(row.outcome !== null || waits, `I4: ${row.assetName} is ${row.stage} without an outcome`);
    const speaks = row.outcome === null || row.outcome === 'remediated' || row.reasons.length > 0;
    assert.ok(speaks, `I4: ${row.assetName} ended as ${row.outcome} and says why`);
  }
}
