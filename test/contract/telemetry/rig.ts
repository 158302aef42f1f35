import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { MongoClient } from 'mongodb';
import type { Run, ShipDeps } from '../../../activities/telemetry/deps.ts';
import { shipTelemetry } from '../../../activities/telemetry/ship.ts';
import { Telemetry } from '../../../config/telemetry.ts';
import { canonicalJson } from '../../../schemas/digest.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { eventHash, GENESIS, payloadDigest } from '../../../providers/store/audit/format.ts';
import { createDatadog } from '../../../providers/telemetry/datadog/index.ts';
import { createMongoTrail } from '../../../providers/telemetry/mongodb/create-mongo-trail.ts';
import { createOpenTelemetry } from '../../../providers/telemetry/opentelemetry/index.ts';
import type { TelemetrySink } from '../../../ports/telemetry.ts';
import { createDatadogSimulator } from '../../../sandbox/datadog/index.ts';
import { createOtlpSimulator, type OtlpSimulatorOptions } from '../../../sandbox/otlp/index.ts';
import type { AuditEntry } from '../../../schemas/audit.ts';

export const KEY = 'fedcba9876543210fedcba9876543210';

/** Secrets that a test may change under way. */
export function secretsOf(values: Record<string, string>): SecretsPort & { readonly values: Record<string, string> } {
  return {
    values,
    async resolve(reference) {
      const value = values[reference];
      if (value === undefined) throw new Error(`no secret ${reference}`);
      return value;
    },
  };
}

/** The section as it would be read from a file, with Datadog at `url`. */
export function datadogConfig(url: string, over: Record<string, unknown> = {}, section: object = {}) {
  const config = Telemetry.parse({
    vendor: 'datadog',
    tags: { env: 'test' },
    timeout: 800,
    datadog: { apiKey: 'env:DD_API_KEY', logsUrl: url, apiUrl: url, ...section },
    ...over,
  });
  return config as Telemetry & { datadog: NonNullable<Telemetry['datadog']> };
}

export async function startDatadog(
  t: Pick<TestContext, 'after'>,
  options: { clock?: () => Date; config?: object; section?: object } = {},
) {
  const { clock = () => new Date() } = options;
  const sim = createDatadogSimulator({ apiKey: KEY, clock: () => clock().getTime() });
  const url = await sim.start();
  t.after(() => sim.stop());
  const secrets = secretsOf({ 'env:DD_API_KEY': KEY });
  const config = datadogConfig(url, { ...options.config }, options.section);
  return { sim, url, secrets, config, sink: createDatadog({ config, secrets, clock }) };
}

export async function startCollector(
  t: Pick<TestContext, 'after'>,
  options: { clock?: () => Date; sim?: OtlpSimulatorOptions; config?: object; section?: object } = {},
) {
  const sim = createOtlpSimulator(options.sim);
  const url = await sim.start();
  t.after(() => sim.stop());
  const secrets = secretsOf({ 'env:OTLP_TOKEN': 'Bearer collector-token-1' });
  const config = Telemetry.parse({
    vendor: 'opentelemetry',
    tags: { env: 'test' },
    timeout: 700,
    opentelemetry: {
      logsUrl: `${url}/v1/logs`,
      metricsUrl: `${url}/v1/metrics`,
      headers: { authorization: 'env:OTLP_TOKEN' },
      ...options.section,
    },
    ...options.config,
  }) as Telemetry & { opentelemetry: NonNullable<Telemetry['opentelemetry']> };
  const sink = createOpenTelemetry({ config, secrets, ...(options.clock && { clock: options.clock }) });
  return { sim, url, secrets, config, sink };
}

export const NO_SWEEPS: ShipDeps['sweeps'] = { latest: async () => null, totals: async () => null };
export const WHOLE_RUN: Run = { over: () => false, beat: () => undefined };

/** A shipper on a trail of its own, on a clock that the test moves. */
export async function shipper(
  t: Pick<TestContext, 'after'>,
  given: { uri: string; database: string; sink: TelemetrySink; clock?: () => Date; since?: string },
) {
  const trail = await createMongoTrail({ uri: given.uri, database: given.database });
  t.after(() => trail.close());
  const { clock = () => new Date() } = given;
  const deps: ShipDeps = { sink: given.sink, trail, sweeps: NO_SWEEPS, clock, since: given.since ?? null };
  return {
    deps,
    trail,
    ship: (run: Run = WHOLE_RUN) => shipTelemetry(deps, run),
  };
}

/** A clock that stands still until it is moved. */
export function handClock(start = Date.now()) {
  let now = start;
  return {
    clock: () => new Date(now),
    forward(ms: number) {
      now += ms;
    },
  };
}

/** Writes chained events in bulk, as `append` would have one by one. */
export async function seedTrail(
  given: { uri: string; database: string },
  entries: readonly AuditEntry[],
): Promise<void> {
  const client = await new MongoClient(given.uri).connect();
  const heads = new Map<string, { seq: number; hash: string }>();
  const events: Record<string, unknown>[] = [];
  const payloads: Record<string, unknown>[] = [];
  for (const { payload, ...entry } of entries) {
    const salt = randomBytes(16).toString('hex');
    const text = canonicalJson(payload);
    const head = heads.get(entry.stream);
    const body = {
      v: 1 as const,
      ...entry,
      seq: (head?.seq ?? 0) + 1,
      payloadDigest: payloadDigest(salt, text),
      prevHash: head?.hash ?? GENESIS,
    };
    const hash = eventHash(body);
    heads.set(entry.stream, { seq: body.seq, hash });
    events.push({ _id: entry.eventId, ...body, hash });
    payloads.push({ _id: body.payloadDigest, salt, text });
  }
  const db = client.db(given.database);
  await db.collection('audit_events').createIndex({ stream: 1, seq: 1 }, { name: 'place', unique: true });
  for (let start = 0; start < events.length; start += 1000) {
    await db.collection('audit_payloads').insertMany(payloads.slice(start, start + 1000));
    await db.collection('audit_events').insertMany(events.slice(start, start + 1000));
  }
  await client.close();
}
