import type { TelemetryDeps } from '../activities/telemetry/index.ts';
import type { Config } from '../config/schema.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import { createMongoTrail } from '../providers/telemetry/mongodb/create-mongo-trail.ts';
import { mongoOptions, openStore } from '../compose/records.ts';
import { telemetryFrom } from '../compose/registry.ts';

/** Longest that one run takes up new work, whatever the schedule. */
const LONGEST_RUN_MS = 45_000;

/** What sending telemetry needs; null when no vendor is configured, and then nothing is opened. */
export async function telemetryDeps(config: Config, secrets: SecretsPort): Promise<TelemetryDeps | null> {
  const { telemetry } = config;
  const sink = await telemetryFrom({ config, secrets });
  if (sink === null) return null;
  const { sweeps } = await openStore(config, secrets);
  return {
    sink,
    sweeps,
    trail: await createMongoTrail(await mongoOptions(config, secrets)),
    clock: () => new Date(),
    since: telemetry.since ?? null,
    budgetMs: Math.min(LONGEST_RUN_MS, telemetry.everySeconds * 750),
  };
}
