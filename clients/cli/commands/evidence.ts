import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { digestOf } from '../../../schemas/digest.ts';
import { findRemediation } from '../find-remediation.ts';
import type { Run } from '../main.ts';

/** What the trail says about a piece of evidence, and the piece itself. */
interface EvidenceRow {
  readonly at: string;
  readonly type: string;
  readonly evidenceId: string;
  /** `matches`: the body is the one the trail has the digest of. `unproved`: the trail has no digest of it. */
  readonly state: 'matches' | 'CHANGED' | 'unproved' | 'gone';
  readonly body: Record<string, unknown> | null;
}

/** The prompts, answers, pre-flight results and what else a run decided by, for people to read. */
export function addEvidenceCommand(program: Command, run: Run): void {
  program
    .command('evidence <asset-or-ticket>')
    .description('what a run was decided by: each prompt and answer of the model, memory, pre-flight and verification')
    .option('--out <file>', 'write it there as JSON instead')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise evidence tmp-idle\n  $ idlewise evidence CHG0030023 --out evidence.json',
    )
    .action(async function (this: Command, target: string) {
      const { out: file } = this.opts<{ out?: string }>();
      await run(this, async ({ store, audit, out }) => {
        const records = await store();
        const remediation = await findRemediation(records, target);
        if (!remediation)
          throw new Error(`no remediation is called "${target}"; \`idlewise list\` shows what there is`);
        const rows: EvidenceRow[] = [];
        for await (const event of (await audit()).stream(`remediation/${remediation.remediationId}`)) {
          const { evidenceId, evidenceDigest } = event.payload ?? {};
          if (typeof evidenceId !== 'string' || rows.some((r) => r.evidenceId === evidenceId)) continue;
          const body = await records.cases.getEvidence(evidenceId);
          rows.push({ at: event.at, type: event.type, evidenceId, state: stateOf(body, evidenceDigest), body });
        }
        if (file) {
          await writeFile(file, `${JSON.stringify(rows, null, 2)}\n`);
          return out.value({ file, evidence: rows.length }, `wrote ${rows.length} pieces of evidence to ${file}`);
        }
        out.value(
          rows,
          rows.map(textOf).join('\n\n') || 'no evidence: the run has not got that far, or it has expired',
        );
        return rows.some((r) => r.state === 'CHANGED') ? 1 : 0;
      });
    });
}

function stateOf(body: Record<string, unknown> | null, digest: unknown): EvidenceRow['state'] {
  if (body === null) return 'gone';
  if (typeof digest !== 'string') return 'unproved';
  return digestOf(body) === digest ? 'matches' : 'CHANGED';
}

function textOf({ at, type, evidenceId, state, body }: EvidenceRow): string {
  return `${at}  ${type}  ${evidenceId}  (${state})\n${JSON.stringify(body, null, 2).replaceAll('\\n', '\n    ')}`;
}
