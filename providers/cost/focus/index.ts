import { basename } from 'node:path';
import type { CostSettings } from '../settings.ts';
import type { FocusFiles } from './section.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { AccountCosts, CostPort } from '../../../ports/cost.ts';
import { DAY_MS, TREND_DAYS, WINDOW_DAYS } from '../shared/days.ts';
import { costOf, dateOf, daysBefore, type Frame, faultOf } from './asset-cost.ts';
import { leftOut, type Rejection, rejection } from '../shared/cost-line.ts';
import { type AccountBill, type Bill, loadBill, type RejectedCharge } from './bill.ts';
import { focusFiles, stampOf } from './files.ts';
import { readFocusFile } from './read.ts';
import { UnreadableFile } from './records.ts';

export interface FocusCostOptions {
  readonly config: Pick<CostSettings, 'currency'> & { readonly focus: FocusFiles };
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
}

/** Costs of one account from FOCUS files that are there: nothing is asked of anyone, so `requests` is always 0. */
export function createFocusCost({ config, clock = Date.now }: FocusCostOptions): CostPort {
  const { focus } = config;
  if (!focus)
    throw failure(
      ProviderErrorKind.Terminal,
      'configure',
      'cost.focus.path is missing; name the FOCUS file or folder to read',
    );
  let loaded: { stamp: string; bill: Promise<Bill> } | null = null;

  const bill = async (): Promise<Bill> => {
    const { files } = await filesOf(focus.path);
    const stamp = await stampOf(files);
    if (loaded?.stamp !== stamp) {
      const mine = { stamp, bill: loadBill(files, clock()) };
      // A file that was caught half-written is read again next time.
      mine.bill.catch(() => {
        if (loaded === mine) loaded = null;
      });
      loaded = mine;
    }
    return loaded.bill;
  };

  return {
    vendor: 'focus',
    async accountCosts({ accountId, asOf }) {
      const all = await bill().catch((error: unknown) => {
        throw asProviderError(error, 'accountCosts');
      });
      const own = all.accounts.get(accountId);
      if (!own)
        throw failure(
          ProviderErrorKind.NotFound,
          'accountCosts',
          `no charge of account ${accountId} in ${focus.path}; ${missing(accountId, [...all.accounts.keys()])}`,
        );
      const end = Math.min(Math.floor(Date.parse(asOf) / DAY_MS), Math.floor(own.reach / DAY_MS));
      if (end * DAY_MS < Date.parse(asOf) - focus.staleAfter - DAY_MS)
        throw failure(
          ProviderErrorKind.NotFound,
          'accountCosts',
          `the bill of account ${accountId} ends with ${dateOf(end - 1)}; bring a newer export to ${focus.path}`,
        );
      return costsOf(all, own, {
        accountId,
        currency: config.currency,
        end,
        windowDays: WINDOW_DAYS,
        trendDays: TREND_DAYS,
        commitmentEnds: all.commitmentEnds,
      });
    },
    async check() {
      try {
        const { files } = await filesOf(focus.path);
        const newest = files[0] as string;
        for await (const event of readFocusFile(newest)) {
          if (event.kind === 'header')
            return `${files.length} FOCUS ${files.length === 1 ? 'file' : 'files'}; ${basename(newest)} is version ${event.version}`;
        }
        throw new UnreadableFile('the file is empty', 'export it again');
      } catch (error) {
        throw asProviderError(error, 'check');
      }
    },
  };
}

async function filesOf(path: string): Promise<{ files: readonly string[] }> {
  const found = await focusFiles(path);
  if (found.files.length === 0)
    throw failure(ProviderErrorKind.NotFound, 'files', `no bill (CSV or Parquet) in ${path}; put the export there`);
  return found;
}

function costsOf(bill: Bill, own: AccountBill, frame: Frame): AccountCosts {
  const refused = [...own.rejected, ...bill.unplaced];
  const distrusted = new Set(refused.filter((r) => r.spoils).map((r) => r.resourceId));
  const rejected: Rejection[] = refused.map((r) => withOthers(r, own.resources.get(r.resourceId)?.rows ?? 0));
  const byResource = new Map<string, AssetCost>();
  for (const [resourceId, ledger] of own.resources) {
    if (distrusted.has(resourceId)) continue;
    const fault = faultOf(ledger, frame);
    if (fault !== null) rejected.push(rejection(resourceId, fault));
    const cost = fault === null ? costOf(resourceId, ledger, frame) : null;
    if (cost) byResource.set(resourceId, cost);
  }
  const { accountId, currency, end } = frame;
  for (const other of own.totals.keys())
    if (other !== currency)
      rejected.push(rejection(accountId, `charges in ${other} instead of ${currency}`, FIX_CURRENCY));
  const totals = own.totals.get(currency);
  const accountTrend = daysBefore(end, TREND_DAYS).flatMap((day) => {
    const amount = totals?.get(day);
    return amount ? [{ date: dateOf(day), amount: amount.toFixed(), currency }] : [];
  });
  return { accountId, byResource, rejected, accountTrend, requests: 0 };
}

/** What to do about an account without a charge, by what the bill does have. */
function missing(accountId: string, there: readonly string[]): string {
  const bare = accountId.replace(/^0+/, '');
  if (bare !== accountId && there.includes(bare))
    return `it has ${bare}, from which a spreadsheet took the leading zeros: use the file as it was exported`;
  return `export that account too (the bill has ${there.length === 0 ? 'none' : there.slice(0, 3).join(', ')}${there.length > 3 ? `, and ${there.length - 3} more` : ''})`;
}

const FIX_CURRENCY =
  'export the bill in the currency of cost.currency, or set that to the bill’s; amounts are never converted';

/** A refused row takes the others of its resource along, and says so: a part of a bill is not what something costs. */
function withOthers({ spoils, ...row }: RejectedCharge, others: number): Rejection {
  if (!spoils || others === 0) return row;
  const along = leftOut(others);
  return { ...row, reason: `${row.reason}; ${along}`, fix: `${row.fix}; ${along}` };
}

function asProviderError(error: unknown, operation: string): unknown {
  if (error instanceof ProviderError) return error;
  if (error instanceof UnreadableFile)
    return failure(ProviderErrorKind.Malformed, operation, `line ${error.line ?? '?'}: ${error.message}; ${error.fix}`);
  return failure(ProviderErrorKind.Unavailable, operation, (error as Error).message);
}

function failure(kind: ProviderErrorKind, operation: string, message: string): ProviderError {
  return new ProviderError({ kind, provider: 'focus', operation, message });
}
