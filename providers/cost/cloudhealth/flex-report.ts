import type { CostCloudHealth } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { type CloudHealthClient, PROVIDER } from './client.ts';
import { REPORT, TRIGGER } from './documents.ts';
import { type ReportNode, ReportNode as ReportShape, ReportState, Triggered } from './wire.ts';

export interface FlexReports {
  /** Addresses of all files of a report that is young enough, after running it when it is not. */
  current(client: CloudHealthClient, reportId: string): Promise<readonly string[]>;
  /** What the report looks like now. @throws ProviderError `not-found` naming the setting */
  look(client: CloudHealthClient, reportId: string): Promise<ReportNode>;
}

export function createFlexReports(
  config: Pick<CostCloudHealth, 'freshFor' | 'poll' | 'runDeadline'>,
  { clock, sleep }: { clock: () => number; sleep: (ms: number) => Promise<void> },
): FlexReports {
  const look: FlexReports['look'] = async (client, id) => {
    const { node } = await client.graphql({
      operation: 'flexReport',
      document: REPORT,
      variables: { id },
      shape: ReportShape,
    });
    if (node !== null) return node;
    throw failure(
      ProviderErrorKind.NotFound,
      `no report ${id}, or none that this key may see; check cost.cloudhealth.reports`,
    );
  };

  const isFresh = ({ result }: ReportNode): boolean =>
    result?.status === ReportState.Completed && clock() - Date.parse(result.reportUpdatedOn ?? '') < config.freshFor;

  /** Polls until the report is there. What it held before it was run again is not what we wait for. */
  const finished = async (client: CloudHealthClient, id: string, before: ReportNode | null): Promise<ReportNode> => {
    const deadline = clock() + config.runDeadline;
    for (;;) {
      const now = await look(client, id);
      const isOld = before !== null && now.result?.reportUpdatedOn === before.result?.reportUpdatedOn;
      if (now.result?.status === ReportState.Completed && !isOld) return now;
      if (now.result?.status === ReportState.Failed && before?.result?.status !== ReportState.Failed)
        throw failure(ProviderErrorKind.Unavailable, `report ${id} failed; open it in CloudHealth to see why`);
      if (clock() + config.poll > deadline)
        throw new ProviderError({
          kind: ProviderErrorKind.RetryAfter,
          provider: PROVIDER,
          operation: 'flexReport',
          message: `report ${id} is still ${now.result?.status ?? 'without a result'} after ${config.runDeadline} ms`,
          retryAfterMs: config.poll,
        });
      await sleep(config.poll);
    }
  };

  return {
    look,
    async current(client, id) {
      const before = await look(client, id);
      let report = before;
      if (!isFresh(before)) {
        // Somebody else, or we before a restart, may have started it already.
        const isIdle = [ReportState.Completed, ReportState.Failed, undefined].includes(
          (before.result?.status ?? undefined) as typeof ReportState.Completed | undefined,
        );
        if (isIdle)
          await client.graphql({ operation: 'runReport', document: TRIGGER, variables: { id }, shape: Triggered });
        report = await finished(client, id, isIdle ? before : null);
      }
      const addresses = (report.result?.contents ?? []).map((c) => c.preSignedUrl);
      if (addresses.length > 0) return addresses;
      throw failure(ProviderErrorKind.Malformed, `report ${id} is finished but has no file`);
    },
  };
}

function failure(kind: ProviderErrorKind, message: string): ProviderError {
  return new ProviderError({ kind, provider: PROVIDER, operation: 'flexReport', message });
}
