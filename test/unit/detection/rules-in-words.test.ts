import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { thresholdsInWords, windowsInWords } from '../../../domain/detection/in-words.ts';
import { RULES } from './fixtures.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every number and text in a rule's thresholds, bytes as the words write them, without what a check does not use. */
function figures(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((v) => figures(v, key));
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([k, v]) => figures(v, k));
  if (key === 'of') return [];
  if (key === 'headroomRatio') return [`${Number(value) * 100} %`];
  if (/Bytes$|BytesPerDay$/.test(key))
    return [Number(value) >= 1e6 ? `${Number(value) / 1e6} MB` : `${Number(value) / 1e3} kB`];
  return key === 'present' ? [] : [String(value)];
}

describe('a rule in words', () => {
  it('leaves out no threshold', () => {
    for (const rule of RULES) {
      const words = thresholdsInWords(rule);
      const {
        peakFactor: _f,
        peakFloorPercent: _p,
        monthEdgeDays: _m,
        ...connected
      } = { ...rule.thresholds } as Record<string, unknown>;
      // Where connections are counted, load that comes back is not asked for.
      const used = rule.check === 'database-idle' && 'maxConnections' in connected ? connected : rule.thresholds;
      for (const figure of figures(used))
        assert.ok(words.includes(figure), `${rule.id}: ${figure} is not in: ${words}`);
      assert.match(windowsInWords(rule), rule.metrics.length === 0 ? /^state$/ : /^\d+\/\d+\/\d+ d$/);
    }
  });

  it('is listed by the command line, all of them or those of one cloud', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['clients/cli/main.ts', 'rules', ...args], { cwd: root, encoding: 'utf8' });
    const listed = JSON.parse(run('--json').stdout) as { id: string; version: string; source: string }[];
    assert.deepEqual(
      listed.map((r) => `${r.id} ${r.version} ${r.source}`),
      RULES.map((r) => `${r.id} ${r.version} ${r.source}`),
    );
    const text = run('--provider', 'gcp').stdout;
    for (const rule of RULES) {
      const shown = text.includes(`${rule.id}  ${rule.version}\n`) && text.includes(rule.source);
      assert.equal(shown, rule.provider === 'gcp', rule.id);
    }
    assert.match(text, /\n\d+ rules: \d+ idle, \d+ rightsize, \d+ info\n$/);
    const wrong = run('--provider', 'ibm');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /aws, azure, gcp/);
  });

  it('stands in the document, every one and no other', () => {
    const document = readFileSync(`${root}docs/detection.md`, 'utf8');
    const named = new Set(document.match(/`(aws|azure|gcp)-[a-z0-9-]+`/g)?.map((id) => id.slice(1, -1)));
    assert.deepEqual([...named].sort(), RULES.map((r) => r.id).sort());
    const acting = RULES.filter((r) => r.kind !== 'info').length;
    assert.ok(
      document.includes(`${RULES.length} rules: ${acting} lead to an action, ${RULES.length - acting} are only`),
    );
  });
});
