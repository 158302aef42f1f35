import { isProviderError, ProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import type { RejectedRow } from '../../ports/rows.ts';
import { parseCostPage } from '../../providers/cost/aws-cost-explorer/answer.ts';
import { parsePage } from '../../providers/cost/azure-cost-management/table.ts';
import { OlapReport } from '../../providers/cost/cloudhealth/wire.ts';
import { readFocusFile } from '../../providers/cost/focus/read.ts';
import { UnreadableFile } from '../../providers/cost/focus/records.ts';
import { readCosts } from '../../providers/cost/vantage/costs.ts';
import { AnomalyPage, Resource } from '../../providers/cost/vantage/wire.ts';
import { at, parseRow } from '../../providers/rows.ts';
import { pathOf, type RecordedFile } from './folder.ts';
import type { Outcome, RecordedReader } from './reader.ts';

const listAt = (body: unknown, ...path: readonly string[]): readonly unknown[] | null => {
  const found = at(body, path);
  return Array.isArray(found) ? (found as unknown[]) : null;
};

/** Every group of a day is a row; a day without groups, which no query here gets, is one. */
const costGroups = (body: unknown) =>
  listAt(body, 'ResultsByTime')?.reduce<number>((n, day) => n + (listAt(day, 'Groups')?.length ?? 1), 0) ?? null;

export const costExplorer: RecordedReader = {
  endpoint: /^ce:GetCostAndUsage$/,
  rows: costGroups,
  read(body) {
    const { groups, rejected } = parseCostPage(body, 'GetCostAndUsage');
    return { read: groups.length, rejected };
  },
};

const BILL = /(?:^|[^\w])(?:lineItem\/UsageAccountId|line_item_usage_account_id|ChargePeriodStart)(?:[^\w]|$)/;

/** Exports of bills as files. One without the columns of FOCUS or of Amazon's report has to be refused as a whole. */
export const billFile: RecordedReader = {
  endpoint: /CSV/,
  rows: (body) => {
    const [header = '', ...lines] = String(body).trimEnd().split(/\r?\n/);
    return BILL.test(header) ? lines.length : null;
  },
  read: (_body, file) => readBill(file),
};

async function readBill(file: RecordedFile): Promise<Outcome> {
  let read = 0;
  const rejected: RejectedRow[] = [];
  try {
    for await (const event of readFocusFile(pathOf(file)))
      if (event.kind === 'accepted') read++;
      else if (event.kind === 'rejected') {
        const { column: field, found, fix } = event.complaint;
        rejected.push({ rowId: `line ${event.line}`, field, found, fix });
      }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const message = `${error.message}; ${error.fix}`;
    throw new ProviderError({ kind: ProviderErrorKind.Malformed, provider: 'focus', operation: 'read', message });
  }
  return { read, rejected };
}

export const azureQuery: RecordedReader = {
  endpoint: /Microsoft\.CostManagement\/query/i,
  rows: (body) => listAt(body, 'properties', 'rows')?.length ?? null,
  read(body) {
    const page = parsePage(JSON.stringify(body), ['cost', 'Currency']);
    const fault = { rowId: null, field: 'rows', found: 'another width than the columns', fix: 'compare the answer' };
    return { read: page.rows.length, rejected: Array.from({ length: page.broken }, () => fault) };
  },
};

const asked = (operation: string) => ({ provider: 'vantage', operation });

export const vantageCosts: RecordedReader = {
  endpoint: /^GET \/v2\/costs$/,
  rows: (body) => listAt(body, 'costs')?.length ?? null,
  async read(body) {
    const client = { get: async ({ shape }: { shape: never }) => parseRow(shape, body, asked('getCosts')) } as never;
    const reader = { client, workspaceToken: undefined, pageSize: 1000, verifyTotals: true };
    const query = { filter: '', groupings: [], from: '2023-01-01', to: '2023-01-02' };
    let read = 0;
    const rejected: RejectedRow[] = [];
    for await (const row of readCosts(reader, query))
      if ('cost' in row) read++;
      else
        rejected.push({ rowId: row.resourceId, field: 'row', found: row.reason, fix: 'compare the row with the bill' });
    return { read, rejected };
  },
};

export const vantageAnomalies: RecordedReader = {
  endpoint: /^GET \/v2\/anomaly_alerts$/,
  rows: (body) => listAt(body, 'anomaly_alerts')?.length ?? null,
  read: (body) => ({
    read: parseRow(AnomalyPage, body, asked('getAnomalyAlerts')).anomaly_alerts.length,
    rejected: [],
  }),
};

/** Only one resource is asked for, by its token; what a list holds are such resources. */
export const vantageResources: RecordedReader = {
  endpoint: /^GET \/v2\/resources/,
  rows: (body) => listAt(body, 'resources')?.length ?? (typeof at(body, ['uuid']) === 'string' ? 1 : null),
  read(body) {
    const nodes = listAt(body, 'resources') ?? [body];
    const rejected: RejectedRow[] = [];
    let read = 0;
    for (const node of nodes)
      try {
        parseRow(Resource, node, asked('getResource'));
        read++;
      } catch (error) {
        if (!isProviderError(error) || nodes.length === 1) throw error;
        rejected.push({ rowId: null, field: 'resource', found: error.message, fix: 'its anomalies name no resource' });
      }
    return { read, rejected };
  },
};

export const olapReport: RecordedReader = {
  endpoint: /olap_reports\/custom/,
  rows: () => 1,
  read(body) {
    parseRow(OlapReport, body, { provider: 'cloudhealth', operation: 'olap_reports' });
    return { read: 1, rejected: [] };
  },
};
