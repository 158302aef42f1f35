import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Telemetry } from '../../../config/telemetry.ts';
import { telemetryFrom } from '../../../compose/registry.ts';

const secrets = { resolve: async () => 'x' };

test('without a section nothing is sent', async () => {
  const telemetry = Telemetry.parse({});
  assert.equal(telemetry.vendor, 'none');
  assert.equal(telemetry.everySeconds, 60);
  assert.deepEqual(telemetry.batch, { items: 1000, bytes: 4_500_000 });
  assert.equal(await telemetryFrom({ config: { telemetry }, secrets }), null);
});

test('a vendor needs its section, by reference to its key and not the key', () => {
  const problem = (value: unknown) => {
    const issue = Telemetry.safeParse(value).error?.issues[0];
    return issue ? `${issue.path.join('.')}: ${issue.message}` : 'accepted';
  };
  assert.equal(problem({ vendor: 'datadog' }), 'datadog: must be given when telemetry.vendor is datadog');
  assert.equal(
    problem({ vendor: 'opentelemetry', datadog: { apiKey: 'env:X' } }),
    'opentelemetry: must be given when telemetry.vendor is opentelemetry',
  );
  assert.match(problem({ vendor: 'datadog', datadog: { apiKey: 'a'.repeat(32) } }), /not the secret itself/);
  assert.match(problem({ tags: { 'Bad Tag': 'x' } }), /lower-case/);
  assert.equal(Telemetry.parse({ vendor: 'datadog', datadog: { apiKey: 'env:X' }, timeout: '5s' }).timeout, 5000);
});

test('the limits are Datadog’s', () => {
  assert.ok(!Telemetry.safeParse({ batch: { items: 1001 } }).success);
  assert.ok(!Telemetry.safeParse({ batch: { bytes: 5_000_000 } }).success);
});
