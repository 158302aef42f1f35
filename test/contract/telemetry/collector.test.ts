import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createOtlpSimulator } from '../../../sandbox/otlp/index.ts';

/** Protobuf by hand: field number, then a varint, eight bytes, or bytes with their length. */
const tag = (field: number, wire: number) => varint((field << 3) | wire);
function varint(value: number): Buffer {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...out, rest]);
    out.push((rest % 128) | 128);
  }
}
const bytes = (field: number, content: Buffer | string) => {
  const body = Buffer.from(content);
  return Buffer.concat([tag(field, 2), varint(body.length), body]);
};
const nanos = (field: number, value: bigint) => {
  const body = Buffer.alloc(8);
  body.writeBigUInt64LE(value);
  return Buffer.concat([tag(field, 1), body]);
};
const double = (field: number, value: number) => {
  const body = Buffer.alloc(8);
  body.writeDoubleLE(value);
  return Buffer.concat([tag(field, 1), body]);
};
const all = (...parts: Buffer[]) => Buffer.concat(parts);
const attribute = (key: string, value: Buffer) => all(bytes(1, key), bytes(2, value));

const AT = 1_780_000_000_000_000_000n;

test('protobuf says the same as JSON: logs', async (t) => {
  const sim = createOtlpSimulator();
  const url = await sim.start();
  t.after(() => sim.stop());
  const record = all(
    nanos(1, AT),
    all(tag(2, 0), varint(9)),
    bytes(3, 'INFO'),
    bytes(5, bytes(1, 'hello')),
    bytes(6, attribute('n', all(tag(3, 0), varint(300)))),
    bytes(6, attribute('list', bytes(5, all(bytes(1, bytes(1, 'a')), bytes(1, bytes(1, 'b')))))),
    all(tag(7, 0), varint(0)),
    nanos(11, AT),
    bytes(12, 'idlewise.outcome'),
  );
  const resource = bytes(1, bytes(1, attribute('service.name', bytes(1, 'idlewise'))));
  const request = bytes(1, all(resource, bytes(2, all(bytes(1, bytes(1, 'scope')), bytes(2, record)))));
  const answer = await fetch(`${url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    body: gzipSync(request),
  });
  assert.equal(answer.status, 200);
  assert.equal((await answer.arrayBuffer()).byteLength, 0);
  assert.deepEqual(sim.otlp.collected.logs, [
    {
      at: new Date(Number(AT) / 1e6).toISOString(),
      severity: 'INFO',
      eventName: 'idlewise.outcome',
      body: 'hello',
      attributes: { n: 300, list: ['a', 'b'] },
      resource: { 'service.name': 'idlewise' },
    },
  ]);
});

test('protobuf says the same as JSON: metrics', async (t) => {
  const sim = createOtlpSimulator();
  const url = await sim.start();
  t.after(() => sim.stop());
  const point = all(nanos(2, AT), nanos(3, AT), double(4, 12.5), bytes(7, attribute('k', bytes(1, 'v'))));
  const sum = all(bytes(1, point), all(tag(2, 0), varint(2)), all(tag(3, 0), varint(1)));
  const metric = all(bytes(1, 'idlewise.runs'), bytes(3, '1'), bytes(7, sum));
  const request = bytes(1, bytes(2, bytes(2, metric)));
  const headers = { 'content-type': 'application/x-protobuf' };
  const answer = await fetch(`${url}/v1/metrics`, { method: 'POST', headers, body: new Uint8Array(request) });
  assert.equal(answer.status, 200);
  const [collected] = sim.otlp.collected.points;
  assert.deepEqual(
    [collected?.name, collected?.kind, collected?.value, collected?.monotonic, collected?.temporality],
    ['idlewise.runs', 'sum', 12.5, true, 2],
  );
});

test('bytes that are no request are refused', async (t) => {
  const sim = createOtlpSimulator();
  const url = await sim.start();
  t.after(() => sim.stop());
  for (const [type, body] of [
    ['application/x-protobuf', new Uint8Array([10, 200, 1, 2])],
    ['application/json', '{"resourceLogs":[{"scopeLogs":1}]}'],
    ['application/json', '<html>'],
  ] as const) {
    const answer = await fetch(`${url}/v1/logs`, { method: 'POST', headers: { 'content-type': type }, body });
    assert.equal(answer.status, 400, type);
  }
});
