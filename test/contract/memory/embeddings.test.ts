import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Memory } from '../../../config/memory.ts';
import { memoryEffects } from '../../../domain/memory/effects.ts';
import { facetsOf } from '../../../domain/memory/facets.ts';
import { createEmbeddedMemory } from '../../../providers/memory/embedded/index.ts';
import { loadGuidance } from '../../../providers/memory/guidance.ts';
import { createEmbedder, type Embedder } from '../../../providers/memory/openai-embeddings/embedder.ts';
import { createEndpointOpinion } from '../../../providers/memory/openai-embeddings/index.ts';
import type { MemoryPort } from '../../../ports/memory.ts';
import { CANARIES, CANARY_STRINGS } from '../../../sandbox/estate/canaries.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { createOpenAiSimulator } from '../../../sandbox/openai/index.ts';
import { pastCase } from '../../unit/memory/cases.ts';
import { labelledCases, PLAIN } from '../../unit/memory/neighbours.ts';
import { planted } from '../../unit/memory/planted.ts';
import { type VolatileRecords, volatileRecords } from '../../unit/memory/volatile-records.ts';

const KEY = 'sk-test-very-secret-key';
const GUIDANCE = await loadGuidance();
const ASK = { facets: PLAIN, actions: ['stop-instance'] as const, asOf: '2026-06-01T00:00:00.000Z' };
const simulator = createOpenAiSimulator({ apiKey: KEY });
let url = '';
let clock = 0;
const open: MemoryPort[] = [];

before(async () => {
  url = await simulator.start();
});
after(() => simulator.stop());
beforeEach(() => {
  simulator.journal.clear();
  clock = 1_000_000;
});
afterEach(async () => {
  simulator.faults.length = 0;
  for (const memory of open.splice(0)) await memory.close();
});

type Settings = Partial<Memory> & { readonly key?: string };

function embedder({ key = KEY, ...over }: Settings = {}): Promise<Embedder> {
  const parsed = Memory.parse({
    vendor: 'openai',
    baseUrl: `${url}/v1`,
    apiKey: 'env:KEY',
    dimensions: 64,
    timeout: 1_500,
  });
  return createEmbedder({
    config: { ...parsed, ...over, baseUrl: `${url}/v1` },
    secrets: { resolve: async () => key },
  });
}

async function memoryOver(records: VolatileRecords, settings: Settings = {}): Promise<MemoryPort> {
  const opinion = await createEndpointOpinion({
    records,
    guidance: GUIDANCE,
    embedder: await embedder(settings),
    now: () => clock,
  });
  const memory = await createEmbeddedMemory({ tenant: 'acme', records, guidance: GUIDANCE, opinion });
  open.push(memory);
  return memory;
}

async function remembering(records: VolatileRecords): Promise<void> {
  const keeper = await createEmbeddedMemory({ tenant: 'acme', records, guidance: GUIDANCE });
  for (const { id, facets } of labelledCases(3, 3))
    await keeper.remember({
      caseId: id,
      facets,
      action: 'stop-instance',
      end: 'rolled-back',
      rejection: null,
      closedOn: '2026-05-01',
    });
}

const calls = () => simulator.journal.entries().filter((e) => e.path.endsWith('/embeddings'));
const models = (records: VolatileRecords) =>
  new Set([...records.rows.values()].map((r) => `${r.embedded.model}/${r.embedded.dim}`));

/** Until the background has nothing left to do. */
async function settled(records: VolatileRecords, model: string): Promise<void> {
  for (let i = 0; i < 200 && [...models(records)].join() !== model; i++) await new Promise((r) => setTimeout(r, 10));
  assert.deepEqual([...models(records)], [model]);
}

test('the endpoint ranks, its vectors are made in the background, and hashed ones are never compared with them', async () => {
  const records = volatileRecords();
  await remembering(records);
  assert.deepEqual([...models(records)], ['hashed-ngram/512']);
  const memory = await memoryOver(records, { model: 'embedder-a' });
  const first = await memory.recall(ASK);
  assert.deepEqual(first.ranking, { model: 'embedder-a', fallback: null });
  await settled(records, 'embedder-a/64');
  const second = await memory.recall(ASK);
  assert.equal(second.similar.length, 5);
  assert.deepEqual(memoryEffects(second), memoryEffects(first), 'order decides nothing of the effects');
  assert.match(await memory.check(), /answers for embedder-a, 0 vectors still to be made$/);
  const bodies = calls().map(
    (e) => JSON.parse(e.body) as { encoding_format: string; dimensions: number; input: string[] },
  );
  assert.ok(bodies.every((b) => b.encoding_format === 'float' && b.dimensions === 64 && b.input.length <= 32));
});

test('a new model makes all vectors anew; until then the old ones count for nothing', async () => {
  const records = volatileRecords();
  await remembering(records);
  await (await memoryOver(records, { model: 'embedder-a' })).recall(ASK);
  await settled(records, 'embedder-a/64');
  const other = await memoryOver(records, { model: 'embedder-b', dimensions: 96 });
  assert.equal((await other.recall(ASK)).ranking.model, 'embedder-b');
  await settled(records, 'embedder-b/96');
  assert.equal((await other.recall(ASK)).ranking.fallback, null);
});

const broken: readonly (readonly [string, Fault, string])[] = [
  ['is overloaded', { kind: 'rate-limited', retryAfter: 1 }, 'rate-limited'],
  ['fails', { kind: 'status', status: 500 }, 'unavailable'],
  ['shows a page of a proxy', { kind: 'html-error' }, 'malformed'],
  ['breaks off', { kind: 'truncated-json' }, 'unavailable'],
  ['cuts the connection', { kind: 'reset-before-answer' }, 'unavailable'],
  ['is silent', { kind: 'hang', ms: 30_000 }, 'timeout'],
  [
    'answers another shape',
    { kind: 'status', status: 200, responseBody: '{"data":[{"index":0,"embedding":["x"]}]}' },
    'malformed',
  ],
  ['answers fewer vectors', { kind: 'status', status: 200, responseBody: '{"data":[]}' }, 'malformed'],
];
for (const [name, fault, failure] of broken)
  test(`an endpoint that ${name} is stood in for by hashed vectors, and the answer says so: ${failure}`, async () => {
    const records = volatileRecords();
    await remembering(records);
    const hashed = await (await createEmbeddedMemory({ tenant: 'acme', records, guidance: GUIDANCE })).recall(ASK);
    simulator.faults.push({ ...fault, path: '/embeddings' });
    const memory = await memoryOver(records);
    const recalled = await memory.recall(ASK);
    assert.deepEqual(recalled.ranking, { model: 'hashed-ngram', fallback: failure });
    assert.deepEqual({ ...recalled, ranking: null }, { ...hashed, ranking: null });
    assert.deepEqual([...models(records)], ['hashed-ngram/512']);
  });

test('a failing endpoint is left alone for a minute, and asked again after it', async () => {
  const memory = await memoryOver(volatileRecords());
  simulator.faults.push({ kind: 'status', status: 500, path: '/embeddings' });
  for (let i = 0; i < 5; i++) assert.equal((await memory.recall(ASK)).ranking.fallback, 'unavailable');
  assert.equal(calls().length, 1);
  simulator.faults.length = 0;
  clock += 60_001;
  assert.equal((await memory.recall(ASK)).ranking.fallback, null);
});

test('an endpoint that asks to be left alone for longer is', async () => {
  const memory = await memoryOver(volatileRecords());
  simulator.faults.push({ kind: 'rate-limited', retryAfter: 300, path: '/embeddings' });
  assert.equal((await memory.recall(ASK)).ranking.fallback, 'rate-limited');
  simulator.faults.length = 0;
  clock += 299_000;
  assert.equal((await memory.recall(ASK)).ranking.fallback, 'rate-limited');
  clock += 1_001;
  assert.equal((await memory.recall(ASK)).ranking.fallback, null);
});

test('a wrong key is named as such, and neither key nor text is repeated', async () => {
  const memory = await memoryOver(volatileRecords(), { key: 'sk-another-secret-key' });
  assert.equal((await memory.recall(ASK)).ranking.fallback, 'unauthorised');
  const said = await memory.check();
  assert.match(said, /does not serve \(unauthorised\), so hashed vectors stand in/);
  assert.doesNotMatch(said, /secret/);
});

test('vectors of another length than configured are refused, and none is stored', async () => {
  const records = volatileRecords();
  await remembering(records);
  // The simulated server makes 256 when it is not asked for a length.
  const memory = await memoryOver(records, { requestDimensions: false, dimensions: 64 });
  assert.deepEqual((await memory.recall(ASK)).ranking, { model: 'hashed-ngram', fallback: 'dimension-mismatch' });
  assert.deepEqual([...models(records)], ['hashed-ngram/512']);
  const fitting = await memoryOver(records, { requestDimensions: false, dimensions: 256 });
  assert.equal((await fitting.recall(ASK)).ranking.fallback, null);
});

test('an identifier that got into a case stops that request alone, before it is made', async () => {
  const memory = await memoryOver(volatileRecords());
  const leaking = { ...PLAIN, rule: 'i-0abc1234def567890' };
  assert.equal((await memory.recall({ ...ASK, facets: leaking })).ranking.fallback, 'egress-blocked');
  assert.equal(calls().length, 0);
  assert.equal((await memory.recall(ASK)).ranking.fallback, null, 'the endpoint is not blamed for it');
});

test('nothing planted in a case reaches the endpoint or the records', async () => {
  const records = volatileRecords();
  const memory = await memoryOver(records, { model: 'embedder-a' });
  const { record, verdict } = planted();
  const facets = facetsOf(
    { record, verdict, environment: 'dev', owner: { team: CANARIES.supportGroup } },
    memory.pseudonym,
  );
  await memory.remember({
    caseId: CANARIES.assetName,
    facets,
    action: 'stop-instance',
    end: 'rolled-back',
    rejection: null,
    closedOn: '2026-05-01',
  });
  const recalled = await memory.recall({ ...ASK, facets });
  assert.equal(recalled.cautions.length, 1);
  await settled(records, 'embedder-a/64');
  const sent = calls()
    .map((e) => e.body)
    .join('\n');
  const written = JSON.stringify([...records.rows.values()].map((row) => ({ ...row, embedded: null })));
  for (const text of [sent, written]) {
    assert.ok(text.includes('cpu-p95-1-to-3') || text.includes('cpu-p95'), 'there is something to look through');
    for (const word of [...CANARY_STRINGS, 'canary', '111122223333', 'i-0a1b2c3d4e5f60718', 'us-east-1', '@'])
      assert.ok(!text.includes(word) || (word === '@' && text === written), word);
  }
});

test('a poisoned text in the records is not what is sent: it is made again', async () => {
  const records = volatileRecords();
  await records.put([
    {
      id: pastCase(7).id,
      kind: 'case',
      text: `secret plans of ${CANARIES.assetName}`,
      past: pastCase(7),
      embedded: { model: 'old', dim: 2, version: 1, vector: new Float32Array(2) },
      expiresOn: new Date('2027-01-01'),
    },
  ]);
  await (await memoryOver(records, { model: 'embedder-a' })).recall(ASK);
  await settled(records, 'embedder-a/64');
  assert.doesNotMatch(
    calls()
      .map((e) => e.body)
      .join(),
    /canary|secret/,
  );
  assert.match(records.rows.get(pastCase(7).id)?.text ?? '', /^kind: instance/);
});

test('a spent budget is a fallback, not a bill', async () => {
  const memory = await memoryOver(volatileRecords(), { dailyTokenBudget: 10 });
  assert.equal((await memory.recall(ASK)).ranking.fallback, 'quota-exhausted');
  assert.equal(calls().length, 0);
});

test('the environment does not decide where text goes', async () => {
  process.env['OPENAI_BASE_URL'] = 'http://127.0.0.1:1/v1';
  try {
    assert.equal((await (await memoryOver(volatileRecords())).recall(ASK)).ranking.fallback, null);
  } finally {
    delete process.env['OPENAI_BASE_URL'];
  }
});

test('the configuration must say where text is sent', () => {
  assert.equal(Memory.parse({}).vendor, 'embedded');
  const problem = Memory.safeParse({ vendor: 'openai' }).error?.issues[0];
  assert.deepEqual(problem?.path, ['baseUrl']);
});
