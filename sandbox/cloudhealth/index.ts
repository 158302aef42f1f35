import { createRateWindow } from '../kit/rate-window.ts';
import { createSimulator } from '../kit/simulator.ts';
import { createGateway } from './gateway.ts';
import { BadInput, costHistory } from './olap.ts';
import { createReportRuns } from './reports.ts';
import type { CloudHealthSimulator, CloudHealthSimulatorOptions, RunOutcome, SeededReport } from './types.ts';

export type { CloudHealthSimulator, CloudHealthSimulatorOptions, SeededReport } from './types.ts';

export const SANDBOX_REPORTS: readonly SeededReport[] = (['aws', 'azure', 'gcp'] as const).map((cloud) => ({
  id: `crn:1:flexreports/${cloud}`,
  name: `Idlewise ${cloud}`,
  cloud,
}));

/** CloudHealth over HTTP, fed from a bill. See `CloudHealthSimulator` for its admin routes. */
export function createCloudHealthSimulator(options: CloudHealthSimulatorOptions): CloudHealthSimulator {
  const { bill, apiKey = 'cloudhealth-key', clock = Date.now } = options;
  const { graphqlLimit = { requests: 60, perMs: 60_000 }, restLimit = { requests: 30, perMs: 60_000 } } = options;
  const simulator = createSimulator('cloudhealth');
  const { app } = simulator;
  const reportRuns = createReportRuns({
    bill,
    reports: options.reports ?? SANDBOX_REPORTS,
    runPolls: options.runPolls ?? 3,
    fileRows: options.fileRows ?? 50_000,
    addressMs: (options.addressSeconds ?? 300) * 1000,
    clock,
  });
  const gateway = createGateway({
    apiKey,
    tokenMs: (options.tokenSeconds ?? 900) * 1000,
    clock,
    reportRuns,
    origin: (request) => new URL(request.url).origin,
  });
  const graphqlWindow = graphqlLimit && createRateWindow(graphqlLimit, clock);
  const restWindow = restLimit && createRateWindow(restLimit, clock);

  app.post('/__sim/expire-tokens', (c) => c.json({ done: gateway.expireTokens() === undefined }));
  app.post('/__sim/expire-addresses', (c) => c.json({ done: reportRuns.expireAddresses() === undefined }));
  app.post('/__sim/next-run', async (c) => {
    const { outcome } = (await c.req.json()) as { outcome: RunOutcome };
    reportRuns.next(outcome);
    return c.json({ outcome });
  });
  app.post('/graphql', async (c) => {
    if (graphqlWindow?.take() === false) return c.json({ error: 'Rate limit exceeded' }, 429);
    return c.json(await gateway.answer(c.req.raw));
  });
  app.get('/flexreports/:file', (c) => {
    // As the store behind the address does: one way to sign a request, not two.
    if (c.req.header('authorization')) return c.text('<Error><Code>InvalidArgument</Code></Error>', 400);
    const file = reportRuns.file(c.req.param('file').replace(/\.csv$/, ''));
    return file === null
      ? c.text('<Error><Code>AccessDenied</Code></Error>', 403)
      : c.body(file, 200, { 'content-type': 'text/csv' });
  });
  app.use('/olap_reports/*', async (c, next) => {
    const key = c.req.header('authorization')?.replace(/^Bearer /, '') ?? c.req.query('api_key');
    if (key !== apiKey) return c.json({ error: 'Invalid API key' }, 403);
    if (restWindow?.take() === false) return c.json({ error: 'Rate limit exceeded' }, 429);
    return next();
  });
  app.get('/olap_reports/cost', (c) =>
    c.json({
      links: { amortized: { href: '/olap_reports/cost/amortized' }, history: { href: '/olap_reports/cost/history' } },
    }),
  );
  app.get('/olap_reports/cost/history', async (c) => {
    try {
      return c.json(await costHistory(bill, new URL(c.req.url).searchParams));
    } catch (error) {
      if (error instanceof BadInput) return c.json({ error: error.message }, 422);
      throw error;
    }
  });
  return {
    ...simulator,
    expireTokens: gateway.expireTokens,
    expireAddresses: reportRuns.expireAddresses,
    nextRun: reportRuns.next,
    runs: reportRuns.runs,
  };
}
