import type { Command } from 'commander';
import { configFile } from '../../../config/load.ts';
import { loadCatalogue } from '../../../config/load-rules.ts';
import type { Config } from '../../../config/schema.ts';
import { type EvaluateOptions, evaluateCases } from '../../evaluate/evaluate-cases.ts';
import type { GlobalOptions } from '../context.ts';
import type { Run } from '../main.ts';

async function wordsOf(config: Config): Promise<EvaluateOptions> {
  const { denyTags, environmentTagKeys } = config.policy;
  return { denyTags, environmentTagKeys, rules: (await loadCatalogue(config)).rules };
}

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
        // Offline needs no configuration; when there is one, its words for tags and its rules are the ones to judge by.
        const words = configFile(this.optsWithGlobals<GlobalOptions>().config) ? await wordsOf(await config()) : {};
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
