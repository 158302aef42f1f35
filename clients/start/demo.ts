import { writeFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import Table from 'cli-table3';
import type { Store } from '../../ports/store.ts';
import { isOpportunity } from '../../sandbox/estate/expected.ts';
import type { SeededAsset } from '../../sandbox/estate/types.ts';
import type { Stack } from '../../sandbox/stack.ts';
import { ActionName } from '../../schemas/option.ts';
import type { RemediationDocument } from '../../schemas/records.ts';
import type { RemediateAssetResult, SweepSummary } from '../../schemas/workflow-io.ts';
import { createScriptedApprover } from './demo-approver.ts';
import { demoAudit } from './demo-audit.ts';
import { createEstateObserver, estateOf, wantedActions } from './demo-estate.ts';
import { type DemoReport, type DemoRow, demoRows, detectionScore, tally } from './demo-report.ts';
import { summaryLine } from './summary.ts';

export interface DemoInput {
  readonly stack: Stack;
  readonly client: Client;
  readonly store: Store;
  readonly sweepId: string;
  readonly reportFile: string | null;
  readonly say: (line: string) => void;
}

const POLL_MS = 500;
/** So long beyond the longest wait without anything moving, and the demo fails with what is still open: a slow machine moves. */
const PATIENCE_MS = 2 * 60_000;
/** Days the bill jumps ahead once everything is done, so that it shows full days after the change. */
const BILL_DAYS = 4;

/** The main job without a person. Returns the exit code: 0 only if every expected outcome was reached. */
export async function runDemo(input: DemoInput): Promise<number> {
  const { stack, client, store, say } = input;
  const estate = await estateOf(stack);
  const assets = new Map<string, SeededAsset>(estate.assets.map((a) => [a.assetKey, a]));
  const { expiry, rescanDeadline, billingDeadline } = stack.config.policy.waits;
  const patience = PATIENCE_MS + Math.max(expiry, rescanDeadline, billingDeadline);
  const problems: string[] = [];

  say(`Estate: ${estate.assets.length} assets. Sweeping …`);
  const sweep = (await client.workflow.getHandle(input.sweepId).result()) as SweepSummary;
  say(`Swept: ${countsText(sweep.counts)}`);

  const approver = createScriptedApprover({ store, stack, assets, say });
  let remediations: readonly RemediationDocument[] = [];
  let last = '';
  let seen = '';
  let moved = Date.now();
  for (;;) {
    await approver.actOnce();
    remediations = await store.remediations.list({ limit: 10_000 });
    const open = remediations.filter((r) => r.outcome === null && r.stage !== 'snoozed');
    if (remediations.length >= sweep.counts.started && open.length === 0) break;
    const now = remediations.map((r) => `${r.remediationId} ${r.stage} ${r.outcome}`).join();
    if (now !== seen) moved = Date.now();
    seen = now;
    if (Date.now() - moved > patience) {
      problems.push(...open.map((r) => `${r.assetName} is still ${r.stage}`));
      break;
    }
    const line = await summaryLine(store, input.sweepId);
    if (line !== last) say(line);
    last = line;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  problems.push(...approver.troubles);

  say('Everything is decided and done; the bill moves ahead to prove the savings …');
  for (const cloud of stack.choice.clouds)
    await fetch(`${stack.urls[cloud as keyof typeof stack.urls]}/__sim/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceDays: BILL_DAYS }),
    });
  const savings = await savingResults(client, remediations, patience);

  const rows = await demoRows(estate.assets, remediations, await createEstateObserver(stack, estate.accounts));
  const audit = await demoAudit(stack.config, stack.config.stateDir);
  const actionsWanted = wantedActions(estate.assets);
  const actionsRemediated = ActionName.options.filter((a) =>
    rows.some((r) => r.actual === 'remediated' && r.action === a),
  );
  problems.push(
    ...rows
      .filter((r) => !r.ok)
      .map(
        (r) =>
          `${r.name} (${r.archetype}): expected ${r.expected ?? 'no run'}, got ${r.actual ?? 'no run'} ${r.reasons.join('; ')}`,
      ),
    ...actionsWanted.filter((a) => !actionsRemediated.includes(a)).map((a) => `no remediation by ${a}`),
    ...(audit.intact ? [] : ['the audit trail does not verify']),
    ...(audit.tamperingFound ? [] : ['a changed byte in the audit export was not found']),
  );
  const report: DemoReport = {
    ok: problems.length === 0,
    finishedAt: new Date().toISOString(),
    sweep,
    detection: detectionScore(estate.assets, rows, isOpportunity),
    outcomes: tally(rows.map((r) => r.actual)),
    actionsRemediated,
    rows,
    savings: tally(savings),
    audit,
    problems,
  };
  if (input.reportFile) await writeFile(input.reportFile, `${JSON.stringify(report, null, 2)}\n`);
  print(report, say);
  return report.ok ? 0 : 1;
}

/** Waits for the runs that wait for the bill. Snoozed runs are left waiting. */
async function savingResults(
  client: Client,
  remediations: readonly RemediationDocument[],
  patience: number,
): Promise<string[]> {
  const closed = remediations.filter((r) => r.outcome !== null);
  let moved = Date.now();
  return Promise.all(
    closed.map(async (r) => {
      const result = client.workflow.getHandle(r.remediationId).result() as Promise<RemediateAssetResult>;
      const ended = result.then((value) => {
        moved = Date.now();
        return value.savingVerified ?? 'still-waiting';
      });
      return Promise.race([ended, stillWaiting(() => moved, patience)]);
    }),
  );
}

/** Resolves once no run has ended for so long that none will. */
async function stillWaiting(moved: () => number, patience: number): Promise<string> {
  while (Date.now() - moved() < patience) await new Promise((resolve) => setTimeout(resolve, 1_000).unref());
  return 'still-waiting';
}

function print(report: DemoReport, say: (line: string) => void): void {
  const table = new Table({
    head: ['asset', 'archetype', 'expected', 'got', 'action', 'cloud says', ''],
    style: { head: [], border: [], compact: true },
  });
  const shown = report.rows.filter((r: DemoRow) => r.actual !== null || r.expected !== null);
  for (const r of shown)
    table.push([
      r.name,
      r.archetype,
      r.expected ?? '',
      r.actual ?? '',
      r.action ?? '',
      r.cloudState,
      r.ok ? 'ok' : 'WRONG',
    ]);
  say(table.toString());
  const { detection: d } = report;
  say(
    `Detection on ${d.labelled} labelled assets: precision ${d.precision.toFixed(3)}, recall ${d.recall.toFixed(3)} (${d.falsePositive} false positives)`,
  );
  say(`Outcomes: ${countsText(report.outcomes)}`);
  say(`Savings on the bill: ${countsText(report.savings)}`);
  say(
    `Audit: ${report.audit.events} events, ${report.audit.intact ? 'intact' : 'BROKEN'}; a changed byte is ${report.audit.tamperingFound ? 'found' : 'NOT FOUND'}; ${report.audit.file}`,
  );
  for (const problem of report.problems) say(`PROBLEM ${problem}`);
  say(report.ok ? 'All expected outcomes were reached.' : `${report.problems.length} problem(s).`);
}

/** `21 remediated, 5 rejected`, the most first; nothing is said of zeros. */
function countsText(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, n]) => n > 0);
  return some
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, n]) => `${n} ${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}`)
    .join(', ');
}
