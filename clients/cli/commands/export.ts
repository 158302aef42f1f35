import { type Command, Option } from 'commander';
import { unifiedRecords } from '../../export/records.ts';
import { EXPORT_FORMATS, type ExportFormat, writeExport } from '../../export/write.ts';
import type { Run } from '../main.ts';

const PROGRESS_EVERY = 5000;

export function addExportCommand(program: Command, run: Run): void {
  program
    .command('export')
    .description('the unified record of every asset: cost, findings, verdicts, owner, risk, priority, outcome')
    .addOption(
      new Option('--format <format>', 'one JSON object a line, or a table').choices(EXPORT_FORMATS).default('ndjson'),
    )
    .option('--out <file>', 'write to this file; without it to standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise export | jq -c "select(.riskLevel == \\"high\\")"\n  $ idlewise export --format csv --out estate.csv\nThe columns are in docs/export.md.',
    )
    .action(async function (this: Command) {
      const { format, out: file } = this.opts<{ format: ExportFormat; out?: string }>();
      await run(this, async ({ store, config, out }) => {
        const records = unifiedRecords({ store: await store(), config: await config() });
        const onRecord = (n: number) => n % PROGRESS_EVERY === 0 && out.progress(`${n} assets so far`);
        const count = await writeExport(records, { format, file: file ?? null, onRecord });
        // Standard output holds the records and nothing else.
        if (file) out.value({ file, format, assets: count }, `wrote ${count} assets to ${file}`);
      });
    });
}
