import type { z } from 'zod';
import { accountTrend, type TrendDay } from '../shared/account-trend.ts';
import { type CostLine, type Rejection, rejection } from '../shared/cost-line.ts';
import type { AskedAccount } from '../shared/daily-costs.ts';
import { createDailyRows } from '../shared/daily-rows.ts';
import type { Cells } from './run.ts';
import { resourceOf } from './lines.ts';

export interface BatchFrame {
  readonly currency: string;
  /** Days that were asked about, oldest first. */
  readonly asked: readonly string[];
  /** First day that a run-rate may look at. What is older is trend only. */
  readonly judgedSince: string;
}

/** Gathers the rows of several projects, read in one go, into one answer for each of them. */
export function createBatch(projects: readonly string[], { currency, asked, judgedSince }: BatchFrame) {
  const accounts = new Map(
    projects.map((accountId) => [
      accountId,
      {
        judged: createDailyRows({ currency }),
        /** An odd day two months ago says nothing about the run-rate, so it may not cost the resource its run-rate. */
        older: createDailyRows({ currency }),
        totals: [] as TrendDay[],
        rejected: [] as Rejection[],
      },
    ]),
  );
  return {
    line(project: string, line: CostLine): void {
      const own = accounts.get(project);
      if (line.date < judgedSince) own?.older.add(line);
      else own?.judged.add(line);
    },
    total: (project: string, total: TrendDay): void => void accounts.get(project)?.totals.push(total),
    /** A row that cannot be read costs its resource the run-rate; of a row that names none every project is told. */
    rejectRow(cells: Cells, error: z.ZodError): void {
      const field = error.issues[0]?.path.join('.') ?? '';
      const found = String(cells[field] ?? 'nothing').slice(0, 40);
      const project = cells['project_id'] ?? '';
      const resourceId = resourceOf(cells);
      const refused = rejection(resourceId || '(row)', `${field} is ${found}, which cannot be read`);
      for (const [id, own] of accounts) if (id === project || project === '') own.rejected.push(refused);
    },
    result: (): Map<string, AskedAccount> =>
      new Map(
        [...accounts].map(([accountId, { judged, older, totals, rejected }]) => {
          const rows = judged.result();
          const { trend, rejected: days } = accountTrend(totals, { accountId, currency });
          const byDay = new Map([...older.result().byDay, ...rows.byDay]);
          return [accountId, { asked, rows: { ...rows, byDay }, trend, rejected: [...rejected, ...days] }];
        }),
      ),
  };
}
