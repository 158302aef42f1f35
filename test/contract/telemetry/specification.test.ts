import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { parse } from 'yaml';
import { toRecord } from '../../../activities/telemetry/shape/record.ts';
import { KEY, startDatadog } from './rig.ts';

const PATHS = ['/api/v1/events', '/api/v1/validate'];

/** The part of Datadog's specification that we use; null when it is not at hand. */
async function specification() {
  const path = new URL('../../../../shared/specs/datadog_v1.yaml', import.meta.url);
  if (!existsSync(path)) return null;
  const whole = parse(readFileSync(path, 'utf8')) as Document;
  const paths = Object.fromEntries(PATHS.map((name) => [name, whole.paths?.[name] ?? {}]));
  const definition = { ...whole, paths, security: [] } as Document;
  const api = new OpenAPIBackend({ definition, ajvOpts: { strict: false, validateFormats: false }, quick: true });
  await api.init();
  return api;
}

const EVENT = {
  stream: 'remediation/r',
  seq: 3,
  eventId: 'r/OUTCOME',
  type: 'OUTCOME',
  actor: { kind: 'service', id: 'idlewise' },
  subject: 'r',
  hash: 'a'.repeat(64),
};

test('events are what Datadog’s specification of v1 says, as sent and as answered', async (t) => {
  const api = await specification();
  if (!api) return t.skip('not run: the vendor specification is not at hand');
  const { sim, sink, url } = await startDatadog(t);
  for (const [at, outcome] of [
    [new Date().toISOString(), 'remediated'],
    [new Date().toISOString(), 'needs-human'],
    [new Date().toISOString(), 'unverified'],
    ['2020-01-01T00:00:00.000Z', 'observed'],
  ] as const)
    await sink.events?.(toRecord({ ...EVENT, at }, { outcome, reasons: Array(20).fill(`x-${'y'.repeat(98)}`) }));
  await sink.check();

  const requests = sim.journal.entries();
  assert.equal(requests.length, 5);
  for (const { method, path, body } of requests) {
    const request = { method, path, headers: { 'content-type': 'application/json' }, body: body || undefined };
    const operation = api.router.matchOperation(request);
    assert.ok(operation, `${method} ${path} is in the specification`);
    const asked = api.validator.validateRequest(api.router.parseRequest(request, operation), operation);
    assert.deepEqual(asked.errors ?? [], [], body);
    const init = { method, headers: { 'content-type': 'application/json', 'dd-api-key': KEY } };
    const answer = await fetch(`${url}${path}`, body ? { ...init, body } : init);
    // Datadog answers null where its specification has only text.
    const said: unknown = JSON.parse(await answer.text(), (_, value: unknown) => (value === null ? undefined : value));
    const { errors } = api.validator.validateResponse(said, operation, answer.status);
    assert.deepEqual(errors ?? [], [], `answer to ${path}`);
  }
});
