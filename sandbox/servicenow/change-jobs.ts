import { type Context, Hono } from 'hono';
import { type Api, type Env, failure, type World } from './context.ts';
import { type Row, stableId, timestamp } from './store.ts';
import { readBody } from './table-api.ts';

interface ConflictRun {
  readonly startedAt: number;
  readonly endsAt: number;
  cancelled: boolean;
}
interface Worker {
  readonly endsAt: number;
  readonly spans: readonly { start: string; end: string }[];
}

/** Conflict checks and schedule searches: both answer at once and finish later. */
export function createChangeJobs(world: World): Api {
  const { store, settings } = world;
  const api = new Hono<Env>();
  const runs = new Map<string, ConflictRun>();
  const workers = new Map<string, Worker>();

  const withChange = (c: Context<Env>, run: (row: Row) => Response | Promise<Response>) => {
    const row = store.get('change_request', c.req.param('id') ?? '');
    return row ? run(row) : failure(c, 404, 'Record not found');
  };

  api.post('/:id/conflict', (c) =>
    withChange(c, (row) => {
      if (!row.cmdb_ci || !row.start_date || !row.end_date)
        return failure(c, 400, 'Configuration item, planned start date and planned end date are required');
      const now = Date.now();
      runs.set(row.sys_id ?? '', { startedAt: now, endsAt: now + settings.jobDelayMs, cancelled: false });
      return c.json({ result: stableId('conflict', row.sys_id ?? '', String(now)) });
    }),
  );
  api.get('/:id/conflict', (c) =>
    withChange(c, (row) => c.json({ result: conflictResult(world, row, runs.get(row.sys_id ?? '')) })),
  );
  api.delete('/:id/conflict', (c) =>
    withChange(c, (row) => {
      const run = runs.get(row.sys_id ?? '');
      if (run) run.cancelled = true;
      return c.body(null, 204);
    }),
  );

  const startWorker = (c: Context, wanted: { from: Date; seconds: number }) => {
    const start = new Date(wanted.from.getTime() + 3_600_000);
    const end = new Date(start.getTime() + wanted.seconds * 1000);
    const sysId = stableId('worker', String(workers.size), String(Date.now()));
    workers.set(sysId, {
      endsAt: Date.now() + settings.jobDelayMs,
      spans: [{ start: timestamp(start), end: timestamp(end) }],
    });
    return c.json({ result: workerResult(c, sysId, workers.get(sysId)) }, 202);
  };
  api.get('/ci/:ci/schedule', (c) => {
    const seconds = Number(c.req.query('duration_in_seconds'));
    if (!(seconds > 0)) return failure(c, 400, 'duration_in_seconds is required');
    if (!store.get('cmdb_ci', c.req.param('ci'))) return failure(c, 404, 'Configuration item not found');
    const from = new Date(`${(c.req.query('planned_start_time') ?? timestamp()).replace(' ', 'T')}Z`);
    return startWorker(c, { from, seconds });
  });
  api.get('/:id/schedule', (c) => withChange(c, () => startWorker(c, { from: new Date(), seconds: 3600 })));
  api.patch('/:id/schedule/first_available', (c) =>
    withChange(c, async (row) => {
      const seconds = Number((await readBody(c)).duration_in_seconds ?? 3600);
      const start = new Date(Date.now() + 3_600_000);
      const end = new Date(start.getTime() + seconds * 1000);
      store.update(row, { start_date: timestamp(start), end_date: timestamp(end) }, c.get('user'));
      return startWorker(c, { from: new Date(), seconds });
    }),
  );
  api.get('/worker/:worker', (c) => {
    const id = c.req.param('worker');
    const worker = workers.get(id);
    return worker ? c.json({ result: workerResult(c, id, worker) }) : failure(c, 404, 'Worker not found');
  });
  return api;
}

/** The status may read "Conflict" although no conflict is listed: only the list counts. */
function conflictResult(world: World, row: Row, run: ConflictRun | undefined) {
  if (!run || run.cancelled)
    return { status: 'Not Run', last_run: row.conflict_last_run, record_count: 0, job_status: 'none', conflicts: [] };
  if (Date.now() < run.endsAt)
    return {
      status: 'Not Run',
      last_run: row.conflict_last_run,
      record_count: 0,
      job_status: 'running',
      conflicts: [],
    };
  const types = world.conflicts.get(row.cmdb_ci ?? '');
  const lastRun = timestamp(new Date(run.endsAt));
  row.conflict_last_run = lastRun;
  row.conflict_status = types ? 'Conflict' : 'No Conflict';
  const pair = (value: string, display = value) => ({ value, display_value: display });
  return {
    status: row.conflict_status,
    last_run: lastRun,
    record_count: types?.length ?? 0,
    job_status: 'complete',
    conflicts: (types ?? []).map((type) => ({
      change: pair(row.sys_id ?? '', row.number),
      type: pair(type, type.replaceAll('_', ' ')),
      configuration_item: pair(row.cmdb_ci ?? ''),
    })),
  };
}

function workerResult(c: Context, sysId: string, worker: Worker | undefined) {
  const done = worker !== undefined && Date.now() >= worker.endsAt;
  const cell = (value: string) => ({ value, display_value: value });
  return {
    worker: { sysId, link: `${new URL(c.req.url).origin}/api/sn_chg_rest/change/worker/${sysId}` },
    request: c.req.path,
    state: done ? { value: 3, display_value: 'Complete' } : { value: 1, display_value: 'Waiting' },
    type: 'schedule',
    messages: { errorMessages: [], infoMessages: [], warningMessages: [] },
    ...(done ? { payload: { spans: worker.spans.map((s) => ({ start: cell(s.start), end: cell(s.end) })) } } : {}),
  };
}
