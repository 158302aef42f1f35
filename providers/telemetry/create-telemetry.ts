import type { Telemetry } from '../../config/telemetry.ts';
import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { TelemetrySink } from '../../ports/telemetry.ts';

export interface TelemetryParts {
  readonly telemetry: Telemetry;
  readonly secrets: SecretsPort;
}

/** Vendors are loaded when they are chosen: Datadog's client alone takes two seconds and 190 MB. Null: nothing is sent. */
const TELEMETRY: Record<Telemetry['vendor'], (parts: TelemetryParts) => Promise<TelemetrySink | null>> = {
  none: async () => null,
  async datadog({ telemetry, secrets }) {
    const { datadog } = telemetry;
    if (!datadog) throw missing('datadog');
    const { createDatadog } = await import('./datadog/index.ts');
    return createDatadog({ config: { ...telemetry, datadog }, secrets });
  },
  async opentelemetry({ telemetry, secrets }) {
    const { opentelemetry } = telemetry;
    if (!opentelemetry) throw missing('opentelemetry');
    const { createOpenTelemetry } = await import('./opentelemetry/index.ts');
    return createOpenTelemetry({ config: { ...telemetry, opentelemetry }, secrets });
  },
};

export function telemetryFrom(parts: TelemetryParts): Promise<TelemetrySink | null> {
  return TELEMETRY[parts.telemetry.vendor](parts);
}

/** The schema already asks for it; this is for configurations that were put together in code. */
function missing(section: string): ProviderError {
  const message = `the configuration has no section telemetry.${section}, although it is chosen; add it`;
  return new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'idlewise',
    operation: 'telemetry',
    message,
  });
}
