import { type Command, Option } from 'commander';
import { configFile } from '../../../config/load.ts';
import { loadCatalogue, loadRules } from '../../../config/load-rules.ts';
import { thresholdsInWords, windowsInWords } from '../../../domain/detection/in-words.ts';
import { CloudProvider } from '../../../schemas/resource-type.ts';
import type { Rule } from '../../../schemas/rules.ts';
import type { GlobalOptions } from '../context.ts';
import type { Run } from '../main.ts';

/** The detection catalogue, as it is loaded: needs no configuration. */
export function addRulesCommand(program: Command, run: Run): void {
  program
    .command('rules')
    .description('list the detection rules: what each is about, when it holds, over which windows, by whose example')
    .addOption(new Option('--provider <provider>', 'only the rules of one cloud').choices(CloudProvider.options))
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise rules --provider azure\n  $ idlewise rules --json | jq ".[] | select(.options != []) | .id"\n' +
        'Windows are: daily pass / verdict / longest evidence. docs/detection.md explains them.',
    )
    .action(async function (this: Command) {
      const { provider } = this.opts<{ provider?: string }>();
      await run(this, async ({ out, config }) => {
        // Needs no configuration; when there is one, it may add rules of its own.
        const there = configFile(this.optsWithGlobals<GlobalOptions>().config) !== undefined;
        const { rules } = await (there ? loadCatalogue(await config()) : loadRules());
        const listed = rules.filter((rule) => provider === undefined || rule.provider === provider);
        out.value(listed.map(rowOf), [...listed.map(textOf), totals(listed)].join('\n\n'));
      });
    });
}

function rowOf(rule: Rule) {
  const { id, provider, resourceType, kind, severity, source, version, minimumAgeDays, options } = rule;
  return {
    id,
    provider,
    resourceType,
    kind,
    severity,
    holdsWhen: thresholdsInWords(rule),
    thresholds: rule.thresholds,
    windows: rule.metrics.length === 0 ? null : rule.windows,
    metrics: rule.metrics.map((m) => m.metric),
    minimumAgeDays,
    options,
    source,
    version,
  };
}

function textOf(rule: Rule): string {
  const then = rule.options.length === 0 ? 'reported only' : `leads to ${rule.options.join(', ')}`;
  return [
    `${rule.id}  ${rule.version}`,
    `  ${rule.provider} · ${rule.resourceType} · ${rule.kind} · severity ${rule.severity}`,
    `  holds when  ${thresholdsInWords(rule)}`,
    `  windows     ${windowsInWords(rule)}; asset at least ${rule.minimumAgeDays} d old; ${then}`,
    `  source      ${rule.source}`,
  ].join('\n');
}

function totals(rules: readonly Rule[]): string {
  const count = (kind: Rule['kind']) => rules.filter((rule) => rule.kind === kind).length;
  return `${rules.length} rules: ${count('idle')} idle, ${count('rightsize')} rightsize, ${count('info')} info`;
}
