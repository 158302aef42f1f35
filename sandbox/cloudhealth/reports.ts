import { createHash } from 'node:crypto';
import type { BillSource } from '../kit/bill-source.ts';
import { reportFiles } from './rows.ts';
import type { RunOutcome, SeededReport } from './types.ts';

interface ReportRun {
  status: string | null;
  updatedOn: string | null;
  files: readonly string[];
  /** How often it will still be looked at before something changes; null: nothing is going on. */
  pollsLeft: number | null;
  outcome: RunOutcome;
}

export interface ReportRunsOptions {
  readonly bill: BillSource;
  readonly reports: readonly SeededReport[];
  readonly runPolls: number;
  readonly fileRows: number;
  readonly addressMs: number;
  readonly clock: () => number;
}

/** Runs reports and gives out addresses of their files. Right after a start a report still looks as it did before. */
export function createReportRuns(options: ReportRunsOptions) {
  const { bill, reports, runPolls, fileRows, addressMs, clock } = options;
  const states = new Map<string, ReportRun>();
  const addresses = new Map<string, { reportId: string; file: number; until: number }>();
  let outcome: RunOutcome = 'COMPLETED';
  let runs = 0;

  const stateOf = async (report: SeededReport): Promise<ReportRun> => {
    const known = states.get(report.id);
    if (known) return known;
    // Run yesterday by its schedule, and good for nothing today.
    const state: ReportRun = {
      status: report.hasRun === false ? null : 'COMPLETED',
      updatedOn: report.hasRun === false ? null : new Date(clock() - 86_400_000).toISOString(),
      files: report.hasRun === false ? [] : ['Day,AccountId\n'],
      pollsLeft: null,
      outcome: 'COMPLETED',
    };
    states.set(report.id, state);
    return state;
  };

  const advance = async (report: SeededReport, state: ReportRun): Promise<void> => {
    if (state.pollsLeft === null) return;
    if (state.outcome === 'STUCK' || state.pollsLeft > 0) {
      // The first look shows the old result, then it waits, then it runs.
      if (state.pollsLeft < runPolls) state.status = state.pollsLeft === runPolls - 1 ? 'QUEUED' : 'RUNNING';
      if (state.outcome !== 'STUCK' || state.pollsLeft > 0) state.pollsLeft = Math.max(0, state.pollsLeft - 1);
      return;
    }
    state.pollsLeft = null;
    state.status = state.outcome;
    if (state.outcome === 'FAILED') return;
    state.files = await reportFiles(bill, report, { fileRows });
    state.updatedOn = new Date(clock()).toISOString();
  };

  const addressOf = (reportId: string, file: number): string => {
    const token = createHash('sha256').update(`${reportId} ${file} ${clock()} ${addresses.size}`).digest('hex');
    addresses.set(token, { reportId, file, until: clock() + addressMs });
    return `/flexreports/${token}.csv?X-Amz-Expires=${addressMs / 1000}&X-Amz-Signature=${token.slice(0, 16)}`;
  };

  return {
    runs: () => runs,
    next: (how: RunOutcome) => {
      outcome = how;
    },
    expireAddresses: () => addresses.clear(),
    /** Null when there is no such report. */
    async look(id: string) {
      const report = reports.find((r) => r.id === id);
      if (!report) return null;
      const state = await stateOf(report);
      await advance(report, state);
      return { ...state, report, addresses: () => state.files.map((_, i) => addressOf(id, i)) };
    },
    async run(id: string): Promise<boolean> {
      const report = reports.find((r) => r.id === id);
      if (!report) return false;
      const state = await stateOf(report);
      runs++;
      Object.assign(state, { pollsLeft: runPolls, outcome });
      return true;
    },
    /** The file, or null when the address is none or no longer one. */
    file(token: string): string | null {
      const address = addresses.get(token);
      if (!address || clock() > address.until) return null;
      return states.get(address.reportId)?.files[address.file] ?? null;
    },
  };
}
export type ReportRuns = ReturnType<typeof createReportRuns>;
