import type { Command } from 'commander';
import { formatMoney } from '../../../domain/money.ts';
import type { RemediationDocument } from '../../../schemas/records.ts';
import { outcomeReport } from '../../report.ts';
import type { Run } from '../main.ts';

export function addReadCommands(program: Command, run: Run): void {
  program
    .command('list')
    .description('remediations, newest first; or the opportunities of the last sweep')
    .option('--stage <stage>', 'e.g. awaiting-decision, executing, closed')
    .option('--outcome <outcome>', 'e.g. remediated, rejected, blocked-by-policy')
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
        out.rows(['asset', 'stage', 'outcome', 'risk', 'saving', 'ticket', 'id'], rows.map(row), rows);
      });
    });

  program
    .command('show <asset-or-remediation>')
    .description('one remediation with its case, approval and decisions; or one asset as the last sweep saw it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise show remediate/acme/arn:aws:ec2:…/aws-ec2-instance-idle\n  $ idlewise show arn:aws:ec2:us-east-1:111122223333:instance/i-0abc --json',
    )
    .action(async function (this: Command, id: string) {
      await run(this, async ({ store, out }) => {
        const records = await store();
        const remediation = await records.remediations.get(id);
        if (!remediation) {
          const asset = await records.assets.get(id);
          if (!asset) throw new Error(`nothing is known of ${id}; \`idlewise list\` shows what is`);
          return out.value(asset, JSON.stringify(asset, null, 2));
        }
        const approval = remediation.approvalId ? await records.approvals.get(remediation.approvalId) : null;
        const decisions = approval ? await records.approvals.decisionsOn(approval.approvalId) : [];
        const all = { remediation, approval, decisions };
        out.value(all, JSON.stringify(all, null, 2));
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
        if (!out.json && report.sweep)
          out.value(null, `last sweep ${report.sweep.sweepId}: ${JSON.stringify(report.sweep.counts)}`);
      });
    });
}

function row(r: RemediationDocument): (string | null)[] {
  return [
    r.assetName,
    r.stage,
    r.outcome,
    r.riskLevel,
    r.monthlySaving ? formatMoney(r.monthlySaving) : null,
    r.ticket?.number ?? null,
    r.remediationId,
  ];
}

export function positive(text: string, option: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n <= 0) throw new Error(`${option}: must be a whole number above zero, found "${text}"`);
  return n;
}
