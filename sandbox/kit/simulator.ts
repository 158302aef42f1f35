import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { type Fault, faultMiddleware } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';

export interface Simulator {
  readonly name: string;
  readonly app: Hono;
  readonly journal: Journal;
  readonly faults: Fault[];
  /** Starts on loopback; port 0 picks a free one. Returns the base URL. */
  start(port?: number): Promise<string>;
  stop(): Promise<void>;
}

/**
 * The shell every vendor simulator shares: one HTTP server on loopback, a journal of requests with secrets redacted,
 * faults that can be scripted, and an admin interface under `/__sim/`:
 *   GET  /__sim/journal           every request so far
 *   GET  /__sim/faults            faults still armed
 *   POST /__sim/faults            arm one (see Fault)
 *   DELETE /__sim/faults          disarm all
 */
export function createSimulator(name: string, options: { readonly journalBody?: number } = {}): Simulator {
  const app = new Hono();
  const journal = createJournal(options.journalBody === undefined ? {} : { bodyLimit: options.journalBody });
  const faults: Fault[] = [];
  let server: ReturnType<typeof serve> | undefined;

  app.get('/__sim/journal', (c) => c.json(journal.entries()));
  app.get('/__sim/faults', (c) => c.json(faults));
  app.post('/__sim/faults', async (c) => {
    faults.push((await c.req.json()) as Fault);
    return c.json({ armed: faults.length });
  });
  app.delete('/__sim/faults', (c) => {
    faults.length = 0;
    return c.json({ armed: 0 });
  });
  app.use('*', journal.middleware);
  app.use('*', faultMiddleware(faults));

  return {
    name,
    app,
    journal,
    faults,
    start: (port = 0) =>
      new Promise((resolve, reject) => {
        server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) =>
          resolve(`http://127.0.0.1:${info.port}`),
        );
        server.on('error', reject);
        // A client that is kept waiting by a busy machine must not find its kept connection closed just as it asks.
        if ('keepAliveTimeout' in server) server.keepAliveTimeout = 120_000;
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
