import type { Context } from 'hono';
import { createSimulator, type Simulator } from '../kit/simulator.ts';

export interface PipelineRun {
  readonly id: number;
  readonly vendor: 'github' | 'gitlab';
  readonly handover: string;
  readonly payload: string;
  status: 'queued' | 'running' | 'success' | 'failure' | 'cancelled';
  /** Lists show it from here on, epoch ms: dispatching answers before the run exists. */
  readonly visibleAt: number;
}

export interface PipelinesOptions {
  readonly token?: string;
  readonly repository?: string;
  readonly project?: string;
  /** Does what the pipeline is there for. @default succeeds without doing anything */
  readonly onRun?: (payload: string) => Promise<'success' | 'failure' | 'cancelled'>;
  /** How long a run takes to show in lists. @default 50 */
  readonly visibleAfterMs?: number;
  readonly clock?: () => number;
}

/** GitHub Actions and GitLab CI on one port, as far as a dispatched run and its end are concerned. */
export function createPipelinesSimulator(
  options: PipelinesOptions = {},
): Simulator & { readonly runs: readonly PipelineRun[] } {
  const { token = 'pipeline-token', repository = 'acme/platform', project = '4711', clock = Date.now } = options;
  const simulator = createSimulator('pipelines');
  const runs: PipelineRun[] = [];
  const start = (vendor: PipelineRun['vendor'], handover: string, payload: string): PipelineRun => {
    const run: PipelineRun = {
      id: runs.length + 1,
      vendor,
      handover,
      payload,
      status: 'queued',
      visibleAt: clock() + (vendor === 'github' ? (options.visibleAfterMs ?? 50) : 0),
    };
    runs.push(run);
    setTimeout(() => {
      run.status = 'running';
      void (options.onRun?.(payload) ?? Promise.resolve('success' as const)).then(
        (end) => {
          run.status = end;
        },
        () => {
          run.status = 'failure';
        },
      );
    }, 20);
    return run;
  };
  const shown = (vendor: PipelineRun['vendor']) =>
    runs.filter((r) => r.vendor === vendor && r.visibleAt <= clock()).toReversed();

  const github = `/repos/${repository}/actions/workflows/:file`;
  const allowed = (c: Context, header: string) => c.req.header(header)?.endsWith(token) ?? false;
  simulator.app.use('/repos/*', async (c, next) =>
    allowed(c, 'authorization') ? next() : c.json({ message: 'Bad credentials' }, 401),
  );
  simulator.app.get(github, (c) => c.json({ id: 1, path: `.github/workflows/${c.req.param('file')}` }));
  simulator.app.post(`${github}/dispatches`, async (c) => {
    const { inputs } = (await c.req.json()) as { inputs?: { handover?: string; payload?: string } };
    if (!inputs?.handover || !inputs.payload) return c.json({ message: 'Required input not provided' }, 422);
    start('github', inputs.handover, inputs.payload);
    return c.body(null, 204);
  });
  simulator.app.get(`${github}/runs`, (c) =>
    c.json({
      total_count: runs.length,
      workflow_runs: shown('github').map((r) => ({
        id: r.id,
        display_title: `Idlewise ${r.handover}`,
        status: r.status === 'queued' ? 'queued' : r.status === 'running' ? 'in_progress' : 'completed',
        conclusion: ['queued', 'running'].includes(r.status) ? null : r.status,
        html_url: `https://github.example/${repository}/actions/runs/${r.id}`,
      })),
    }),
  );

  const gitlab = `/api/v4/projects/${project}`;
  simulator.app.use('/api/v4/*', async (c, next) =>
    allowed(c, 'private-token') ? next() : c.json({ message: '401 Unauthorized' }, 401),
  );
  const row = (r: PipelineRun) => ({
    id: r.id,
    status: { queued: 'pending', running: 'running', success: 'success', failure: 'failed', cancelled: 'canceled' }[
      r.status
    ],
    web_url: `https://gitlab.example/pipelines/${r.id}`,
  });
  simulator.app.get(gitlab, (c) => c.json({ id: Number(project) }));
  simulator.app.post(`${gitlab}/pipeline`, async (c) => {
    const { variables = [] } = (await c.req.json()) as { variables?: { key: string; value: string }[] };
    const value = (key: string) => variables.find((v) => v.key === key)?.value ?? '';
    return c.json(row(start('gitlab', value('IDLEWISE_HANDOVER'), value('IDLEWISE_PAYLOAD'))), 201);
  });
  simulator.app.get(`${gitlab}/pipelines`, (c) => c.json(shown('gitlab').map(row)));
  simulator.app.get(`${gitlab}/pipelines/:id/variables`, (c) => {
    const run = runs.find((r) => r.id === Number(c.req.param('id')));
    if (!run) return c.json({ message: '404 Not found' }, 404);
    return c.json([
      { key: 'IDLEWISE_HANDOVER', value: run.handover },
      { key: 'IDLEWISE_PAYLOAD', value: run.payload },
    ]);
  });
  return Object.assign(simulator, { runs });
}
