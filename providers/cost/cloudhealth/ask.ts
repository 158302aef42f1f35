import type { CostCloudHealth } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { accountTrend } from '../shared/account-trend.ts';
import { cloudOfAccount } from '../../../domain/cloud-ids/index.ts';
import { type Rejection, rejection } from '../shared/cost-line.ts';
import type { AskedAccount } from '../shared/daily-costs.ts';
import { createDailyRows, type DailyRows } from '../shared/daily-rows.ts';
import { addDays, TREND_DAYS, WINDOW_DAYS } from '../shared/days.ts';
import { type CloudHealthClient, PROVIDER } from './client.ts';
import { createRowReader } from './columns.ts';
import { compareWithHistory } from './compare.ts';
import { AddressExpired, downloadRecords } from './download.ts';
import type { FlexReports } from './flex-report.ts';

/** Rows without an account cannot be blamed on one; the first of them show what is wrong. */
const MAX_UNPLACED = 20;
/** The window may end some days before `asOf`. */
const LAG_DAYS = 7;

export interface AskParts {
  readonly config: CostCloudHealth;
  readonly currency: string;
  readonly reports: FlexReports;
  /** Accounts worth keeping; null: every one in the report. */
  readonly accounts: ReadonlySet<string> | null;
}

type OpenAccount = ReturnType<typeof createDailyRows>;

/** Reads the report of one cloud to its end and gives every account in it. */
export function createAsk({ config, currency, reports, accounts }: AskParts) {
  const read = async (client: CloudHealthClient, reportId: string, asOf: string) => {
    const open = new Map<string, OpenAccount>();
    const unplaced: Rejection[] = [];
    const days = new Set<string>();
    const oldest = addDays(asOf, -TREND_DAYS);
    // A file that begins again after an expired address would count twice; all files are read from fresh addresses then.
    for (const address of await reports.current(client, reportId)) {
      let readRow: ReturnType<typeof createRowReader> | null = null;
      for await (const { line, values } of downloadRecords(address, config.downloadTimeout)) {
        if (readRow === null) {
          readRow = createRowReader(values, config);
          continue;
        }
        const row = readRow(values);
        if ('reason' in row && unplaced.length < MAX_UNPLACED)
          unplaced.push(rejection('(unknown)', `line ${line}: ${row.reason}`));
        if (!('line' in row) || row.line.date < oldest || row.line.date >= asOf) continue;
        const { accountId, date } = row.line;
        days.add(date);
        if (accounts !== null && !accounts.has(accountId)) continue;
        const rows =
          open.get(accountId) ?? createDailyRows({ currency, factsSince: addDays(asOf, -WINDOW_DAYS - LAG_DAYS) });
        open.set(accountId, rows);
        rows.add(row.line);
      }
    }
    return { open, unplaced, days: spanOf(days) };
  };

  const readFresh = async (client: CloudHealthClient, reportId: string, asOf: string) => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      try {
        return await read(client, reportId, asOf);
      } catch (error) {
        if (!(error instanceof AddressExpired)) throw error;
      }
    }
    throw failure(
      ProviderErrorKind.Unavailable,
      `the files of report ${reportId} are refused, with new addresses as well`,
    );
  };

  return async (client: CloudHealthClient, accountId: string, asOf: string): Promise<Map<string, AskedAccount>> => {
    const cloud = cloudOfAccount(accountId);
    const report = config.reports.find((r) => r.cloud === cloud);
    if (cloud === null || report === undefined)
      throw failure(
        ProviderErrorKind.Terminal,
        `no report for account ${accountId}; add one for ${cloud ?? 'its cloud'} to cost.cloudhealth.reports`,
      );
    const { open, unplaced, days } = await readFresh(client, report.id, asOf);
    // An account that is not in the report is not looked for again before the report is new.
    if (!open.has(accountId)) open.set(accountId, createDailyRows({ currency }));
    const read = [...open].map(([id, rows]): [string, DailyRows] => [id, rows.result()]);
    const differing = await compareWithHistory(
      client,
      { config, cloud },
      read.map(([id, { totals }]) => ({ accountId: id, totals })),
    );
    return new Map(
      read.map(([id, rows]): [string, AskedAccount] => {
        const totals = [...rows.totals].map(([date, amount]) => ({ date, amount, currency }));
        const { trend, rejected } = accountTrend(totals, { accountId: id, currency });
        const told = [...unplaced, ...rejected, ...(differing.get(id) ? [differing.get(id) as Rejection] : [])];
        return [id, { asked: days, rows, trend, rejected: told }];
      }),
    );
  };
}

/** Every day from the first to the last that the report holds anything for. */
function spanOf(days: ReadonlySet<string>): string[] {
  const sorted = [...days].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  const span: string[] = [];
  for (let day = first; day !== undefined && last !== undefined && day <= last; day = addDays(day, 1)) span.push(day);
  return span;
}

function failure(kind: ProviderErrorKind, message: string): ProviderError {
  return new ProviderError({ kind, provider: PROVIDER, operation: 'accountCosts', message });
}
