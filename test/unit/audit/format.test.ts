import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { canonicalJson } from '../../../schemas/digest.ts';
import {
  byStream,
  eventHash,
  merkleRoot,
  payloadDigest,
  signatureHolds,
  signDigest,
} from '../../../providers/store/audit/format.ts';
import { fingerprint, publicPem, signingKey, verificationKey } from '../../../providers/signing/keys.ts';

const sha = (...parts: (string | Uint8Array)[]) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const head = (stream: string, seq = 1) => ({ stream, seq, hash: 'ab'.repeat(32) });
const leaf = (h: ReturnType<typeof head>) =>
  sha(Uint8Array.of(0), `{"hash":"${h.hash}","seq":${h.seq},"stream":"${h.stream}"}`);
const node = (a: Uint8Array, b: Uint8Array) => sha(Uint8Array.of(1), a, b);

test('canonical JSON follows RFC 8785: key order by code unit, shortest numbers, plain text', () => {
  const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
  assert.equal(canonicalJson(value), '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  assert.equal(
    canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0, 1e21]),
    '[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21]',
  );
  assert.equal(canonicalJson('€$\u000f\nA\'B"\\"/'), `"€$\\u000f\\nA'B\\"\\\\\\"/"`);
  assert.throws(() => canonicalJson(Number.NaN));
});

test('the Merkle tree is RFC 6962’s: empty, one, and odd numbers of leaves', () => {
  const [a, b, c] = [head('a'), head('b'), head('c')];
  assert.equal(merkleRoot([]), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(merkleRoot([a]), leaf(a).toString('hex'));
  assert.equal(merkleRoot([a, b, c]), node(node(leaf(a), leaf(b)), leaf(c)).toString('hex'));
  const five = [a, b, c, head('d'), head('e')];
  const left = node(node(leaf(a), leaf(b)), node(leaf(c), leaf(head('d'))));
  assert.equal(merkleRoot(five), node(left, leaf(head('e'))).toString('hex'));
});

test('any change of a head, or of their order, changes the root', () => {
  const heads = ['a', 'b', 'c', 'd'].map((s) => head(s));
  const roots = [heads, heads.toReversed(), heads.with(2, head('c', 2)), heads.slice(1), [...heads, head('d')]].map(
    merkleRoot,
  );
  assert.equal(new Set(roots).size, roots.length);
});

test('streams sort by code unit, whatever the locale', () => {
  const names = ['b', 'B', 'ä', 'a', 'remediation/z', 'system'].map((stream) => ({ stream }));
  assert.deepEqual(
    names.sort(byStream).map((n) => n.stream),
    ['B', 'a', 'b', 'remediation/z', 'system', 'ä'],
  );
});

test('every field of an event is in its hash, and digests of different kinds never meet', () => {
  const event = {
    v: 1 as const,
    stream: 's',
    seq: 1,
    eventId: 'e',
    type: 'INTENT' as const,
    at: '2026-01-01T00:00:00Z',
    actor: { kind: 'service', id: 'x' },
    subject: 'y',
    payloadDigest: 'p',
    prevHash: 'q',
  };
  const others = Object.keys(event).map((field) => eventHash({ ...event, [field]: 'changed' } as never));
  assert.equal(new Set([eventHash(event), ...others]).size, others.length + 1);
  assert.equal(eventHash(event), sha('audit.v1\0', canonicalJson(event)).toString('hex'));
  assert.notEqual(payloadDigest('00', '{}'), payloadDigest('01', '{}'));
  assert.equal(payloadDigest('00', '{}'), sha('audit.payload.v1\0', '00', '\0', '{}').toString('hex'));
});

test('signatures hold for their own kind and key only', () => {
  const [one, two] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const signature = signDigest('checkpoint', 'aa', one.privateKey);
  assert.equal(signatureHolds('checkpoint', 'aa', { signature, key: one.publicKey }), true);
  assert.equal(signatureHolds('export', 'aa', { signature, key: one.publicKey }), false);
  assert.equal(signatureHolds('checkpoint', 'ab', { signature, key: one.publicKey }), false);
  assert.equal(signatureHolds('checkpoint', 'aa', { signature, key: two.publicKey }), false);
  assert.equal(signatureHolds('checkpoint', 'aa', { signature: signature.toUpperCase(), key: one.publicKey }), false);
  assert.equal(fingerprint(one.privateKey), fingerprint(verificationKey(publicPem(one.privateKey))));
});

test('keys of another kind are refused with the way to make a right one', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  assert.throws(() => signingKey(pem), /found rsa; make one with `openssl genpkey -algorithm ed25519`/);
  assert.throws(() => verificationKey('x'), /cannot be read as a key/);
});
