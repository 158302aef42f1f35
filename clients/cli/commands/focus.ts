import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cleanText } from '../../../domain/untrusted-text.ts';
import { type FocusImport, importFocus } from '../../../providers/cost/focus/import.ts';
import type { Reason } from '../../../providers/cost/focus/tally.ts';
import type { Run } from '../main.ts';

export function addFocusCommands(program: Command, run: Run): void {
  const focus = program.command('focus').description('bills in the FOCUS format');

  focus
    .command('import <file-or-dir>')
    .description('read FOCUS 1.0 to 1.3 files and say what is in them: rows, what was rejected and why, exact totals')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise focus import bill.csv.gz\n  $ idlewise focus import exports/idlewise/data --json\nReads CSV and Parquet, compressed or not, by content and not by name; needs no configuration. Exits 1 when nothing could be accepted or a file broke off.',
    )
    .action(async function (this: Command, path: string) {
      await run(this, async ({ out }) => {
        const found = await importFocus(path, (line) => out.progress(line));
        out.value(found, textOf(found));
        return found.accepted === 0 || found.files.some((f) => f.problem !== null) ? 1 : 0;
      });
    });
}

function textOf(found: FocusImport): string {
  const versions = [...new Set(found.files.flatMap((f) => f.version ?? []))].sort();
  const absent = [...new Set(found.files.flatMap((f) => f.absentColumns))];
  return [
    `${found.files.length} ${found.files.length === 1 ? 'file' : 'files'}, FOCUS ${versions.join(', ') || 'version unknown'}`,
    `rows ${found.rows}: ${found.accepted} accepted, ${found.rejected} rejected`,
    found.period ? `period ${found.period.start} to ${found.period.end} (exclusive)` : 'no period',
    ...found.totals.flatMap((t) => [
      `${t.currency} accepted: BilledCost ${t.accepted.BilledCost}, EffectiveCost ${t.accepted.EffectiveCost}`,
      `${t.currency} in file:  BilledCost ${t.file.BilledCost}, EffectiveCost ${t.file.EffectiveCost}`,
    ]),
    ...list('Rejected:', found.rejections.map(reason)),
    ...list('Accepted with a doubt about a value nothing depends on:', found.doubts.map(reason)),
    ...list(
      'Not read, or not to the end:',
      found.files.flatMap(({ file, problem: p }) =>
        p ? [`${file}${p.line === null ? '' : `:${p.line}`}: ${cleanText(p.found, 300)}; ${p.fix}`] : [],
      ),
    ),
    ...list(
      'Passed over:',
      found.passedOver.map((p) => `${p.file}: ${p.reason}`),
    ),
    ...(absent.length > 0 ? [`Mandatory columns that are not there: ${absent.join(', ')}`] : []),
    ...(found.accepted > 0
      ? [
          '',
          'To take costs from here:',
          `  cost: { vendor: focus, focus: { path: ${JSON.stringify(resolve(found.path))} } }`,
        ]
      : []),
  ].join('\n');
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function reason({ column, found, fix, rows, firstLines }: Reason): string {
  return `${rows} × ${column}: found ${JSON.stringify(found)}; ${fix} (${firstLines.join(', ')}${rows > firstLines.length ? ', …' : ''})`;
}
