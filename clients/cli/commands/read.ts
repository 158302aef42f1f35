import { type Command, Option } from 'commander';
import { formatMoney } from '../../../domain/money.ts';
import { Outcome, Stage } from '../../../schemas/outcome.ts';
import type { RemediationDocument } from '../../../schemas/records.ts';
import { outcomeReport } from '../../report.ts';
import { findRemediation } from '../find-remediation.ts';
import type { Run } from '../main.ts';
import { remediationText } from '../remediation-text.ts';

export function addReadCommands(program: Command, run: Run): void {
  program
    .command('list')
    .description('remediations, newest first; or the opportunities of the last sweep')
    .addOption(new Option('--stage <stage>', 'only those in this stage').choices(Stage.options))
    .addOption(new Option('--outcome <outcome>', 'only those that ended so').choices(Outcome.options))
    .option('--account <id>', '12-digit account id')
    .option('--limit <n>', 'at most so many', '50')
    .option('--opportunities', 'opportunities by priority instead')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise list --stage awaiting-decision\n  $ idlewise list --opportunities --limit 10 --json',
    )
    .action(async function (this: Command) {
      const o = this.opts<{
        stage?: string;
        outcome?: string;
        account?: string;
        limit: string;
        opportunities?: boolean;
      }>();
      await run(this, async ({ store, out }) => {
        const records = await store();
        const limit = positive(o.limit, '--limit');
        if (o.opportunities) {
          const sweep = await records.sweeps.latest();
          const ranked = sweep ? await records.opportunities.ranked({ sweepId: sweep.sweepId, limit }) : [];
          return out.rows(
            ['priority', 'saving', 'rule', 'asset'],
            ranked.map((r) => [
              r.priority.toFixed(1),
              r.monthlySaving ? formatMoney(r.monthlySaving) : '',
              r.ruleId,
              r.assetKey,
            ]),
            ranked,
          );
        }
        const rows = await records.remediations.list({
          limit,
          ...(o.stage && { stage: o.stage }),
          ...(o.outcome && { outcome: o.outcome }),
          ...(o.account && { accountId: o.account }),
        });
        out.rows(['asset', 'account', 'rule', 'stage', 'outcome', 'risk', 'saving', 'ticket'], rows.map(row), rows);
        if (rows.length === limit) out.progress(`the newest ${limit}; more with --limit`);
      });
    });

  program
    .command('show <asset-or-ticket>')
    .description(
      'one remediation with its approval and decisions, by name, ARN, ticket or id; or one asset as the last sweep saw it',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise show tmp-idle\n  $ idlewise show CHG0030023\n  $ idlewise show arn:aws:ec2:us-east-1:111122223333:instance/i-0abc --json',
    )
    .action(async function (this: Command, id: string) {
      await run(this, async ({ store, out }) => {
        const records = await store();
        const remediation = await findRemediation(records, id);
        if (!remediation) {
          const asset = await records.assets.get(id);
          if (!asset)
            throw new Error(`no remediation or asset is called "${id}"; \`idlewise list\` shows what there is`);
          return out.value(asset, JSON.stringify(asset, null, 2));
        }
        const approval = remediation.approvalId ? await records.approvals.get(remediation.approvalId) : null;
        const decisions = approval ? await records.approvals.decisionsOn(approval.approvalId) : [];
        const all = { remediation, approval, decisions };
        out.value(all, remediationText(remediation, approval, decisions));
      });
    });

  program
    .command('report')
    .description('what came of it: outcomes, savings, what was skipped and why')
    .addHelpText('after', '\nExample:\n  $ idlewise report --json > report.json')
    .action(async function (this: Command) {
      await run(this, async ({ store, out }) => {
        const report = await outcomeReport(await store());
        out.rows(
          ['outcome', 'assets', 'saving a month'],
          report.outcomes.map((o) => [o.outcome, o.count, o.monthlySaving ? formatMoney(o.monthlySaving) : '']),
          report,
        );
        if (!out.json && report.sweep) out.value(null, sweepText(report.sweep));
      });
    });
}

function row(r: RemediationDocument): (string | null)[] {
  return [
    r.assetName,
    `${r.accountId} ${r.region}`,
    r.ruleId,
    r.stage,
    r.outcome,
    r.riskLevel,
    r.monthlySaving ? formatMoney(r.monthlySaving) : null,
    r.ticket?.number ?? null,
  ];
}

/** The last sweep in two lines, and what it could not read. */
function sweepText(sweep: NonNullable<Awaited<ReturnType<typeof outcomeReport>>['sweep']>): string {
  const c = sweep.counts;
  const seen = c
    ? `${c.scanned} scanned: ${c.idle} idle, ${c.active} active, ${c.undetermined} undetermined, ${c.excluded} excluded; left alone by an earlier decision: ${c.skippedByLedger}; no longer in the cloud: ${c.gone}; quarantined: ${c.quarantined}; failed pages: ${c.failedPages}`
    : 'nothing counted yet';
  const broken = sweep.quarantined.map(
    (q) =>
      `  ${q.source}${q.operation ? ` ${q.operation}` : ''} ${q.rowId ?? '(no id)'}: ${q.field}: found ${q.found}; ${q.fix}`,
  );
  const sums = sweep.quarantinedBySource.map(({ source, rows }) => `${source} ${rows}`).join(', ');
  return [
    `\nLast sweep ${sweep.sweepId}`,
    seen,
    ...(broken.length > 0 ? [`Quarantined (${sums}):`, ...broken] : []),
  ].join('\n');
}

export function positive(text: string, option: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n <= 0) throw new Error(`${option}: must be a whole number above zero, found "${text}"`);
  return n;
}
