import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { ShipReport, TelemetryActivities } from '../activities/contracts.ts';

/** Sends what the audit trail has gained to the telemetry vendor. Started by a schedule, one at a time; no remediation waits for it. */
export async function shipTelemetry(input: { auditQueue: string }): Promise<ShipReport> {
  const activities = proxyActivities<TelemetryActivities>({
    taskQueue: input.auditQueue,
    startToCloseTimeout: '3m',
    heartbeatTimeout: '2m',
    // The next run is a minute away and starts where this one stopped.
    retry: { initialInterval: '5s', maximumAttempts: 3 },
  });
  const report = await activities.shipTelemetry();
  setCurrentDetails(detailsOf(report));
  return report;
}

function detailsOf({ vendor, channels, parkedBatches }: ShipReport): string {
  const lines = channels.map(
    ({ channel, state, sent, behind, reason }) =>
      `- ${channel}: ${state}, ${sent} sent, ${behind} behind${reason === null ? '' : ` (${reason})`}`,
  );
  return [`Telemetry to ${vendor}, ${parkedBatches} batches put aside`, ...lines].join('\n');
}
