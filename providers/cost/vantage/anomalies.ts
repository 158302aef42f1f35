import type { CostVantage } from './section.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { CostAnomaly } from '../../../ports/cost.ts';
import { accountOf, billKey, cloudOfAccount, valueOf } from '../../../domain/cloud-ids/index.ts';
import { decimalOf } from '../shared/exact.ts';
import type { VantageClient } from './client.ts';
import { Anomaly, AnomalyPage, Resource } from './wire.ts';

const PAGE = 1_000;
const MAX_PAGES = 20;
/** Every resource of an anomaly is a request of its own, and there are 1,000 in an hour for everything. */
const MAX_LOOKUPS = 200;

/**
 * Anomalies of one account. Vantage detects them per cost report and names no account: they are the account's when its own
 * report is configured, or else when a resource of theirs is in the account. What can be told by neither is left out.
 */
export function createAnomalies({
  client,
  config,
  currency,
}: {
  client: VantageClient;
  config: CostVantage;
  currency: string;
}) {
  const known = new Map<string, Resource | null>();

  const resourceOf = async (token: string, budget: { lookups: number }): Promise<Resource | null> => {
    const before = known.get(token);
    if (before !== undefined) return before;
    if (budget.lookups-- <= 0) return null;
    const path = `/resources/${encodeURIComponent(token)}`;
    const found = await client.get({ operation: 'getResource', path, shape: Resource }).catch((error: unknown) => {
      if (isProviderError(error, 'not-found') || isProviderError(error, 'malformed')) return null;
      throw error;
    });
    known.set(token, found);
    return found;
  };

  return async ({ accountId, since }: { accountId: string; since: string }): Promise<CostAnomaly[]> => {
    const report = config.anomalyReports[accountId];
    const budget = { lookups: MAX_LOOKUPS };
    const found: CostAnomaly[] = [];
    for (const alert of await alertsSince(client, since, report)) {
      const resources: Resource[] = [];
      for (const token of alert.resource_tokens) {
        const resource = await resourceOf(token, budget);
        if (resource) resources.push(resource);
      }
      const own = resources.filter((r) => isIn(accountId, r));
      if (report === undefined && own.length === 0) continue;
      found.push({
        id: alert.token,
        detectedAt: new Date(alert.created_at).toISOString(),
        accountId,
        service: alert.service ?? null,
        resourceKeys: (report === undefined ? own : resources).map((r) => billKey(r.uuid)),
        amount: alert.amount,
        expected: alert.seven_day_average ?? null,
        // An anomaly states no currency; it is the workspace's, as that of the costs is.
        currency,
        status: alert.status,
      });
    }
    return found.sort((a, b) => b.detectedAt.localeCompare(a.detectedAt));
  };
}

/** Alerts that can be read; one whose amounts are no numbers says nothing. */
async function alertsSince(client: VantageClient, since: string, report: string | undefined): Promise<Anomaly[]> {
  const alerts: Anomaly[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await client.get({
      operation: 'getAnomalyAlerts',
      path: '/anomaly_alerts',
      query: {
        page: String(page),
        limit: String(PAGE),
        start_date: since,
        ...(report === undefined ? {} : { cost_report_token: report }),
      },
      shape: AnomalyPage,
    });
    for (const raw of answer.anomaly_alerts) {
      const parsed = Anomaly.safeParse(raw);
      if (parsed.success && isReadable(parsed.data) && Date.parse(parsed.data.created_at) >= Date.parse(since))
        alerts.push(parsed.data);
    }
    if (!answer.links?.next) break;
  }
  return alerts;
}

function isReadable({ amount, seven_day_average: average }: Anomaly): boolean {
  return decimalOf(amount) !== undefined && (!average || decimalOf(average) !== undefined);
}

function isIn(accountId: string, { uuid, account_id, billing_account_id }: Resource): boolean {
  const cloud = cloudOfAccount(accountId);
  const is = (text: string | null | undefined) =>
    text === accountId || (cloud !== null && valueOf(accountOf(cloud, text ?? '')) === accountId);
  return is(account_id) || is(billing_account_id) || is(uuid);
}
