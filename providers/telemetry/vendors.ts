import type { SecretsPort } from '../../ports/secrets.ts';
import type { TelemetrySink } from '../../ports/telemetry.ts';
import { vendorsOf } from '../vendor.ts';
import { Datadog } from './datadog/section.ts';
import { OpenTelemetry } from './opentelemetry/section.ts';
import type { TelemetrySettings } from './settings.ts';

const { vendor } = vendorsOf<
  { readonly settings: TelemetrySettings; readonly secrets: SecretsPort },
  TelemetrySink | null
>();

/** Everywhere the trail can be sent, by its name in `telemetry.vendor`. Null: nothing is sent. */
export const TELEMETRY_VENDORS = {
  none: vendor(null, async () => null),
  datadog: vendor(Datadog, async (datadog, { settings, secrets }) =>
    (await import('./datadog/index.ts')).createDatadog({ config: { ...settings, datadog }, secrets }),
  ),
  opentelemetry: vendor(OpenTelemetry, async (opentelemetry, { settings, secrets }) =>
    (await import('./opentelemetry/index.ts')).createOpenTelemetry({ config: { ...settings, opentelemetry }, secrets }),
  ),
};
