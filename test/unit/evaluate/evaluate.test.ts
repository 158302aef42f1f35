import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { type EvaluateOptions, evaluateCases } from '../../../clients/evaluate/evaluate-cases.ts';
import type { CaseLine, ErrorLine, EvaluationLine, SummaryLine } from '../../../clients/evaluate/lines.ts';
import { InputError } from '../../../clients/evaluate/read-cases.ts';
import { metrics, NOW } from '../detection/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'idlewise-evaluate-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const facts = {
  instanceType: 'm5.2xlarge',
  state: 'running',
  architecture: 'x86_64',
  rootDisk: 'persistent',
  localDisks: false,
  deletionProtection: false,
  stopProtection: false,
};
const idle = (caseId: string, over: Record<string, unknown> = {}) => ({
  caseId,
  observedAt: NOW,
  phase: 'automate',
  asset: { id: 'i-0a1b2c3d4e5f60718', type: 'ec2', name: 'report', createdAt: '2025-01-01T00:00:00Z' },
  tags: { environment: 'dev' },
  facts,
  metrics: metrics(),
  posture: { internetExposed: false, adminPrivileges: false, sensitiveData: false },
  cost: { monthlyRunRate: 280.32, serviceName: 'Amazon Elastic Compute Cloud - Compute' },
  cmdb: { criticality: 4 },
  labels: { idle: true },
  ...over,
});
const busy = (caseId: string) =>
  idle(caseId, { metrics: metrics(() => 40), labels: { idle: false, expectedVerdict: 'active' } });

const isError = (l: EvaluationLine): l is ErrorLine => 'error' in l;
const isSummary = (l: EvaluationLine): l is SummaryLine => 'summary' in l;
async function collect(lines: AsyncIterable<EvaluationLine>): Promise<EvaluationLine[]> {
  const all: EvaluationLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
async function run(content: unknown, options: EvaluateOptions = {}, name = 'cases.json'): Promise<EvaluationLine[]> {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return collect(evaluateCases(path, options));
}
const first = async (c: unknown): Promise<CaseLine> => {
  const [line] = await run([c]);
  assert.ok(line && !isError(line) && !isSummary(line), JSON.stringify(line));
  return line;
};

describe('one case', () => {
  it('gets verdict, risk, options, recommendation, approvals and automation', async () => {
    const line = await first(idle('plain'));
    assert.equal(line.verdict, 'idle');
    assert.equal(line.ruleId, 'aws-ec2-instance-idle');
    assert.equal(line.recommended, 'stop-instance');
    assert.equal(line.approvalsRequired, 1);
    assert.deepEqual(line.automation, { allowed: true, whyNot: [] });
    assert.deepEqual(
      line.options.map((o) => o.monthlySaving?.amount),
      ['280.32', '280.32', '140.16'],
    );
    assert.equal(line.finalRisk.score, line.baseRisk.score);
    assert.deepEqual(line.assumptions, []);
  });
  it('in production needs two people and is never automatic', async () => {
    const line = await first(idle('prod', { tags: { env: 'live' } }));
    assert.equal(line.environment, 'prod');
    assert.equal(line.approvalsRequired, 2);
    assert.ok(line.automation.whyNot.includes('environment-prod'));
  });
  it('may say little: state follows from samples, everything else stays unknown and costs', async () => {
    const line = await first({
      caseId: 'bare',
      asset: { id: 'i-1', type: 'AWS::EC2::Instance', createdAt: '2025-01-01T00:00:00Z' },
      metrics: metrics(),
    });
    assert.equal(line.verdict, 'idle');
    assert.deepEqual(line.assumptions, ['facts.state=running: CPU samples reach the end of the window']);
    assert.ok(
      line.baseRisk.reasons.includes('criticality-unknown') && line.baseRisk.reasons.includes('environment-unknown'),
    );
    assert.equal(line.automation.allowed, false);
    assert.equal(line.approvalsRequired, null);
  });
  it('without a creation time, or without samples, is undetermined', async () => {
    const unborn = await first(idle('unborn', { asset: { id: 'i-1', type: 'ec2' } }));
    assert.deepEqual([unborn.verdict, unborn.reasons], ['undetermined', ['creation-time-unknown']]);
    assert.equal((await first(idle('silent', { metrics: [] }))).verdict, 'undetermined');
    assert.deepEqual((await first({ caseId: 'nothing', asset: { id: 'i-1', type: 'ec2' } })).reasons, [
      'facts-missing',
    ]);
  });
  it('over-provisioned is active, and an opportunity of another kind', async () => {
    const memory = {
      ...(metrics()[0] as object),
      metric: 'mem_used_percent',
      values: metrics()[0]?.values.map(() => 25),
    };
    const line = await first(idle('big', { metrics: [...metrics(() => 12), memory] }));
    assert.equal(line.verdict, 'active');
    assert.deepEqual(line.opportunity, { ruleId: 'aws-ec2-instance-over-provisioned', kind: 'rightsize' });
    assert.equal(line.recommended, 'resize-instance');
  });
  it('of each other type', async () => {
    const posture = { internetExposed: false };
    const base = { createdAt: '2025-01-01T00:00:00Z', tags: { environment: 'test' } };
    const of = async (type: string, given: object, more: object = {}) =>
      first({ caseId: type, observedAt: NOW, asset: { id: 'x-1', type, ...base }, facts: given, posture, ...more });
    assert.equal(
      (await of('volume', { state: 'available', sizeGiB: 100, volumeType: 'gp3' })).recommended,
      'snapshot-and-delete-volume',
    );
    assert.equal((await of('eip', { associationId: null })).recommended, 'release-address');
    assert.equal(
      (await of('elbv2', { registeredTargets: 0, deletionProtection: false })).recommended,
      'delete-load-balancer',
    );
    assert.equal((await of('eip', { associationId: 'eipassoc-1' })).verdict, 'active');
  });
  it('of the documentation is readable as it stands', async () => {
    const page = readFileSync(new URL('../../../docs/offline-evaluation.md', import.meta.url), 'utf8');
    const example = /```json\n(\{[\s\S]*?\n\})\n```/.exec(page)?.[1];
    const line = await first(JSON.parse(example ?? 'null'));
    assert.equal(line.caseId, 'report-server');
    // Its three samples are three samples: no month, no verdict.
    assert.equal(line.verdict, 'undetermined');
  });
  it('labels never change the judgement', async () => {
    const { labels: _, ...unlabelled } = idle('a');
    assert.deepEqual(await first(unlabelled), await first(idle('a', { labels: { idle: false, mustNotAct: true } })));
  });
});

describe('a model', () => {
  const model = (answer: object) => ({
    vendor: 'double',
    check: async () => 'ok',
    assess: async () => ({
      ok: true as const,
      answer: { riskDelta: 0 as const, reasonCodes: [], questions: [], evidenceIds: [], summary: null, ...answer },
      exchange: {
        model: 'm',
        requestBody: '',
        rawAnswer: null,
        promptTokens: null,
        completionTokens: null,
        attempts: 1,
      },
    }),
  });
  it('can raise and veto', async () => {
    const [vetoed] = await run([idle('v')], { model: model({ riskDelta: 'veto' }) });
    assert.ok(vetoed && 'finalRisk' in vetoed && vetoed.finalRisk.vetoed && vetoed.finalRisk.level === 'high');
    assert.ok(!vetoed.automation.allowed && vetoed.approvalsRequired === 2);
  });
});

describe('many cases', () => {
  it('are read from arrays, wrapped arrays, lines, folders and standard input alike', async () => {
    const two = [idle('a'), busy('b')];
    const lines = two.map((c) => JSON.stringify(c)).join('\n');
    const expected = JSON.stringify(await run(two));
    assert.equal(JSON.stringify(await run({ cases: two })), expected);
    assert.equal(JSON.stringify(await run(`\ufeff${lines}\r\n\n`, {}, 'cases.ndjson')), expected);
    assert.equal(JSON.stringify(await run(lines, {}, 'lines.json')), expected);
    assert.equal(JSON.stringify(await collect(evaluateCases('-', { stdin: Readable.from([lines]) }))), expected);
    const dir = mkdtempSync(join(folder, 'many-'));
    writeFileSync(join(dir, '2.jsonl'), JSON.stringify(two[1]));
    writeFileSync(join(dir, '1.json'), JSON.stringify(two[0], null, 2));
    writeFileSync(join(dir, 'notes.txt'), 'not a case');
    assert.equal(JSON.stringify(await collect(evaluateCases(dir))), expected);
  });

  it('one broken case gets a line with field, found and fix, and the rest go on', async () => {
    const content = [
      JSON.stringify(idle('good')),
      '{"caseId": "torn", ',
      JSON.stringify(idle('typed', { asset: { id: 'i-1', type: 'lambda' } })),
      JSON.stringify(idle('bad-facts', { facts: { ...facts, state: 'sleeping' } })),
      JSON.stringify(idle('bad-values', { metrics: [{ ...metrics()[0], values: [1, 'NaN'] }] })),
      JSON.stringify({ asset: {} }),
      '"text"',
      JSON.stringify(idle('also-good')),
    ].join('\n');
    const lines = await run(content, {}, 'broken.ndjson');
    const errors = lines.filter(isError);
    assert.deepEqual(
      errors.map((e) => [e.caseId, e.error.field, e.error.found]),
      [
        ['broken.ndjson:2', '(document)', errors[0]?.error.found],
        ['typed', 'asset.type', '"lambda"'],
        ['bad-facts', 'facts.state', '"sleeping"'],
        ['bad-values', 'metrics.0.values.1', '"NaN"'],
        ['broken.ndjson:6', 'caseId', 'nothing'],
        ['broken.ndjson:7', '(case)', '"text"'],
      ],
    );
    for (const e of errors) assert.ok(e.error.fix.length > 5);
    const summary = lines.find(isSummary)?.summary;
    assert.deepEqual([summary?.cases, summary?.errors, summary?.labelled], [8, 6, 2]);
  });

  it('hostile values are data', async () => {
    const line = await first(
      JSON.parse(
        JSON.stringify(idle('x', { tags: { environment: 'dev' } })).replace(
          '"environment":"dev"',
          '"environment":"dev","__proto__":"prod","$where":"1"',
        ),
      ),
    );
    assert.equal(line.environment, 'dev');
    assert.equal(line.verdict, 'idle');
  });

  it('precision, recall and the false-safe rate come last, when there are labels', async () => {
    const lines = await run([
      idle('tp'),
      idle('fp', { labels: { idle: false } }),
      idle('trap', { labels: { idle: true, mustNotAct: true } }),
      idle('kept', {
        tags: { 'legal-hold': '1' },
        labels: { idle: true, mustNotAct: true, expectedVerdict: 'undetermined' },
      }),
      idle('fn', { metrics: [] }),
      busy('tn'),
      { ...idle('unlabelled'), labels: null },
    ]);
    assert.deepEqual(lines.at(-1), {
      summary: {
        cases: 7,
        errors: 0,
        labelled: 6,
        truePositive: 1,
        falsePositive: 2,
        falseNegative: 1,
        trueNegative: 2,
        undetermined: 2,
        precision: 0.333333,
        recall: 0.5,
        falseSafeRate: 0.5,
        expectedVerdict: { stated: 2, matched: 2 },
      },
    });
    assert.equal((await run([{ ...idle('a'), labels: null }])).some(isSummary), false);
  });

  it('deny tags of the organisation count', async () => {
    const [line] = await run([idle('a', { tags: { environment: 'dev', keep: '1' } })], { denyTags: ['keep'] });
    assert.ok(line && 'verdict' in line && line.verdict === 'undetermined');
  });

  it('an input that is not there says what to give', async () => {
    await assert.rejects(
      collect(evaluateCases(join(folder, 'missing.json'))),
      (e) => e instanceof InputError && /ENOENT.*give a readable file/.test(e.message),
    );
    await assert.rejects(collect(evaluateCases(mkdtempSync(join(folder, 'empty-')))), InputError);
  });
});
