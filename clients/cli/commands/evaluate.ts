import type { Command } from 'commander';
import { configFile } from '../../../config/load.ts';
import { evaluateCases } from '../../evaluate/evaluate-cases.ts';
import type { GlobalOptions } from '../context.ts';
import type { Run } from '../main.ts';

export function addEvaluateCommand(program: Command, run: Run): void {
  program
    .command('evaluate')
    .description(
      'judge normalised cases offline: one JSON line per case, and precision and recall when labels are present',
    )
    .requiredOption('--input <file-or-dir>', 'JSON, JSON array, NDJSON, or a folder of them; - for standard input')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise evaluate --input cases/\n  $ idlewise evaluate --input case.json | jq .verdict\nThe format is in docs/offline-evaluation.md.',
    )
    .action(async function (this: Command) {
      const { input } = this.opts<{ input: string }>();
      await run(this, async ({ config }) => {
        // Offline needs no configuration; when there is one, its words for tags are the ones to judge by.
        const policy = configFile(this.optsWithGlobals<GlobalOptions>().config) ? (await config()).policy : null;
        const words = policy ? { denyTags: policy.denyTags, environmentTagKeys: policy.environmentTagKeys } : {};
        let cases = 0;
        let broken = 0;
        for await (const line of evaluateCases(input, words)) {
          process.stdout.write(`${JSON.stringify(line)}\n`);
          if ('error' in line) broken++;
          else if (!('summary' in line)) cases++;
        }
        // Something was judged: broken cases have said so in their own lines.
        return cases === 0 && broken > 0 ? 1 : 0;
      });
    });
}
