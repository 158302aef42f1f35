import assert from 'node:assert/strict';
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Verification, verifyExport } from '../../../clients/audit/verify.ts';
import { canonicalJson } from '../../../schemas/digest.ts';
import {
  type Checkpoint,
  checkpointDigest,
  eventHash,
  merkleRoot,
  signDigest,
} from '../../../providers/store/audit/format.ts';
import { fingerprint, publicPem } from '../../../providers/signing/keys.ts';
import type { AuditEvent } from '../../../schemas/audit.ts';
import { startMongo } from '../../helpers/servers.ts';
import { entry, newKeys, openLog, publicKeyPem, signingKeyPem, T0, text } from './trail.ts';

/** One export of a small trail: three streams, two checkpoints, one event after the last of them. */
let original: string;
let anchorFile: string;

before(async () => {
  const server = await startMongo();
  const { log } = await openLog(server.uri, 'verify');
  for (const stream of ['remediation/a', 'remediation/b', 'system'])
    for (const n of [1, 2, 3]) await log.append(entry(stream, n));
  await log.checkpoint(T0);
  await log.append(entry('remediation/a', 4));
  await log.checkpoint('2026-03-02T09:05:00Z');
  await log.append(entry('system', 4));
  original = await text(log.export());
  anchorFile = (await log.latestAnchor()) as string;
  await log.close();
  await server.stop();
});
after(() => undefined);

type Doc = { kind: string; event: AuditEvent; checkpoint: Checkpoint; payload?: unknown };
const parse = (): Doc[] =>
  original
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Doc);

/** Writes a changed export the way an attacker with a signing key would: footer and header made to fit. */
function reseal(docs: readonly Doc[], privatePem: string): string {
  const key = createPrivateKey(privatePem);
  const lines = docs
    .filter((d) => d.kind !== 'footer')
    .map((d) => (d.kind === 'header' ? { ...d, publicKey: publicPem(key), key: fingerprint(key) } : d));
  const body = lines.map((line) => `${canonicalJson(line)}\n`).join('');
  const digest = createHash('sha256').update(body).digest('hex');
  const count = (kind: string) => lines.filter((l) => l.kind === kind).length;
  const payloads = lines.filter((l) => l.kind === 'event' && 'payload' in l && l.payload !== null).length;
  const counts = { checkpoints: count('checkpoint'), events: count('event'), payloads };
  const footer = { kind: 'footer', format: 'idlewise-audit-export', counts, digest };
  return `${body}${canonicalJson({ ...footer, signature: signDigest('export', digest, key) })}\n`;
}

/** Recomputes every hash of the chain after a change, as someone with the code but not the key could. */
function rechain(docs: readonly Doc[]): Doc[] {
  let previous: AuditEvent | null = null;
  return docs.map((doc) => {
    if (doc.kind !== 'event') return doc;
    const { hash: _, ...body } = doc.event;
    const prevHash: string = previous?.stream === body.stream ? previous.hash : '0'.repeat(64);
    const linked = { ...body, prevHash };
    previous = { ...linked, hash: eventHash(linked) };
    return { ...doc, event: previous };
  });
}

const judge = async (content: string | Buffer, more: { publicKeyPem?: string; anchorFile?: string } = {}) =>
  verifyExport({ content, ...more });
const problemOf = (v: Verification) =>
  `${v.status} ${v.firstProblem?.kind} ${v.firstProblem?.stream} ${v.firstProblem?.seq}`;
const event = (docs: Doc[], stream: string, seq: number) =>
  docs.findIndex((d) => d.kind === 'event' && d.event.stream === stream && d.event.seq === seq);

test('the untouched export is intact, and says whose key vouches for it and how much is not yet covered', async () => {
  const trusting = await judge(original);
  assert.deepEqual([trusting.status, trusting.keySource, trusting.firstProblem], ['intact', 'embedded', null]);
  assert.deepEqual(trusting.counts, { streams: 3, events: 11, payloads: 11, erased: 0, checkpoints: 2 });
  assert.equal(trusting.afterLastCheckpoint, 1);
  const strict = await judge(original, { publicKeyPem, anchorFile });
  assert.deepEqual([strict.status, strict.keySource], ['intact', 'given']);
});

test('2,000 random byte flips, and every byte of envelope and newlines: none is missed', async () => {
  const bytes = Buffer.from(original);
  const seed = 20260302;
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const places: number[] = Array.from({ length: 2000 }, () => random(bytes.length));
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0x0a) places.push(i);
  for (let i = original.lastIndexOf('\n', bytes.length - 2); i < bytes.length; i++) places.push(i);
  for (const place of places) {
    const old = bytes[place] as number;
    bytes[place] = old ^ (1 << random(8));
    const { status } = await judge(bytes);
    assert.equal(status, 'tampered', `seed ${seed}: byte ${place} ${old} → ${bytes[place]} gave ${status}`);
    bytes[place] = old;
  }
});

test('cutting, doubling, adding and swapping lines is seen', async () => {
  const lines = original.trimEnd().split('\n');
  const join = (all: readonly (string | undefined)[]) => `${all.join('\n')}\n`;
  for (let i = 0; i < lines.length; i++) {
    const variants = [
      join(lines.toSpliced(i, 1)),
      join(lines.toSpliced(i, 0, lines[i] as string)),
      join(lines.toSpliced(i, 0, '')),
      join(lines.slice(0, i)),
      ...(i > 0 ? [join(lines.toSpliced(i - 1, 2, lines[i] as string, lines[i - 1] as string))] : []),
    ];
    for (const variant of variants)
      if (variant !== '\n') assert.equal((await judge(variant)).status, 'tampered', `line ${i}`);
  }
  for (const variant of [
    `${original}\n`,
    `${original}x`,
    ` ${original}`,
    original.slice(0, -1),
    `\ufeff${original}`,
    original.replaceAll('\n', '\r\n'),
  ])
    assert.equal((await judge(variant)).status, 'tampered');
});

test('an edited field is placed exactly, even when the envelope was made to fit', async () => {
  const docs = parse();
  const at = event(docs, 'remediation/b', 2);
  docs[at] = { ...docs[at], event: { ...(docs[at] as Doc).event, subject: 'arn:other' } } as Doc;
  assert.equal(problemOf(await judge(reseal(docs, signingKeyPem))), 'tampered hash-mismatch remediation/b 2');
  docs[at] = { ...parse()[at], payload: { salt: '00', body: { n: 2 } } } as unknown as Doc;
  assert.equal(problemOf(await judge(reseal(docs, signingKeyPem))), 'tampered payload-changed remediation/b 2');
});

test('a whole stream rewritten with fitting hashes contradicts the signed checkpoint', async () => {
  const docs = parse();
  const at = event(docs, 'remediation/b', 1);
  docs[at] = { ...docs[at], event: { ...(docs[at] as Doc).event, subject: 'arn:other' } } as Doc;
  const forged = reseal(rechain(docs), signingKeyPem);
  assert.equal(problemOf(await judge(forged)), 'tampered history-rewritten remediation/b 3');
});

test('a dropped event, a cut tail, a dropped stream and a dropped checkpoint are named', async () => {
  const without = (keep: (d: Doc) => boolean) => judge(reseal(rechain(parse().filter(keep)), signingKeyPem));
  const isEvent = (d: Doc, stream: string, seq: number) =>
    d.kind === 'event' && d.event.stream === stream && d.event.seq === seq;
  assert.equal(
    problemOf(await without((d) => !isEvent(d, 'remediation/b', 2))),
    'tampered sequence-gap remediation/b 3',
  );
  assert.equal(problemOf(await without((d) => !isEvent(d, 'remediation/a', 4))), 'tampered tail-cut remediation/a 4');
  assert.equal(
    problemOf(await without((d) => d.kind !== 'event' || d.event.stream !== 'remediation/b')),
    'tampered stream-dropped remediation/b 1',
  );
  assert.equal(
    problemOf(await without((d) => d.kind !== 'checkpoint' || d.checkpoint.number !== 1)),
    'tampered checkpoint-dropped null null',
  );
});

test('dropping the newest checkpoint and the tail behind it shows only against the anchor: the honest limit', async () => {
  const docs = parse().filter(
    (d) => !(d.kind === 'checkpoint' && d.checkpoint.number === 2) && !(d.kind === 'event' && d.event.seq === 4),
  );
  const cut = reseal(docs, signingKeyPem);
  assert.equal((await judge(cut)).status, 'intact');
  assert.equal(problemOf(await judge(cut, { anchorFile })), 'tampered checkpoint-dropped null null');
});

test('a forged checkpoint and a trail re-signed with another key do not pass', async () => {
  const other = newKeys();
  const docs = parse();
  const at = docs.findIndex((d) => d.kind === 'checkpoint');
  const { digest: _, signature: __, ...old } = (docs[at] as Doc).checkpoint;
  const heads = old.heads.slice(1);
  const body = { ...old, heads, root: merkleRoot(heads), streams: 2, events: 6 };
  const digest = checkpointDigest(body);
  docs[at] = {
    ...docs[at],
    checkpoint: { ...body, digest, signature: signDigest('checkpoint', digest, createPrivateKey(other.privatePem)) },
  } as Doc;
  assert.equal(problemOf(await judge(reseal(docs, signingKeyPem))), 'tampered checkpoint-forged null null');

  const resigned = reseal(parse(), other.privatePem);
  assert.equal((await judge(resigned)).status, 'tampered', 'the checkpoints still name the old key');
  assert.equal(problemOf(await judge(original, { publicKeyPem: other.publicPem })), 'tampered wrong-key null null');
  assert.equal((await judge(original, { publicKeyPem: `${other.publicPem}\n${publicKeyPem}` })).status, 'intact');
});

test('what cannot be decided is never called intact', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-verify-'));
  const broken = join(folder, 'anchor.json');
  await writeFile(broken, '{"number":1}');
  for (const [content, more] of [
    ['', {}],
    ['just some text\n', {}],
    [original, { publicKeyPem: 'nonsense' }],
    [original, { anchorFile: join(folder, 'missing.json') }],
    [original, { anchorFile: broken }],
  ] as const) {
    const verified = await judge(content, more);
    assert.deepEqual([verified.status, verified.firstProblem], ['undecidable', null]);
    assert.ok(verified.undecidable && verified.undecidable.length > 10);
  }
});

test('the verifier reads a stream in any chunks', async () => {
  const bytes = Buffer.from(original);
  async function* pieces(size: number) {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  for (const size of [1, 7, 4096]) assert.equal((await verifyExport({ content: pieces(size) })).status, 'intact');
});
