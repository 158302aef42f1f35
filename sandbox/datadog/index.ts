import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { takeEvent } from './events.ts';
import { createIntake, type Refusal } from './intake.ts';
import { takeLogs } from './logs.ts';
import { createReceived, type Received } from './received.ts';
import { takeSeries } from './series.ts';

export interface DatadogSimulatorOptions {
  /** The key it accepts, 32 hexadecimal digits. */
  readonly apiKey?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface DatadogControls {
  readonly received: Received;
  /** Answers of the next requests, in this order, until each has been given `times` times. */
  readonly refusals: Refusal[];
  /** Batches of logs with this text in them are refused: 400 as malformed, 403 as a firewall before the intake would. */
  readonly dislikes: { text: string; status: 400 | 403 }[];
  /** The key it accepts from now on. */
  rotateKey(key: string): void;
}

const DEFAULT_KEY = '0123456789abcdef0123456789abcdef';

/**
 * Datadog's intake: v2 logs, v2 series, v1 events and v1 validate on one port. Checks the key, unpacks gzip, deflate and zstd, keeps
 * the limits, and drops what is too old after saying 202, as the real one does. Beside the kit's admin routes:
 *   GET  /__sim/received   what it has taken and what it has dropped
 *   POST /__sim/refusals   {"path":"/api/v2/logs","status":429,"times":2,"reset":30}
 */
export function createDatadogSimulator(
  options: DatadogSimulatorOptions = {},
): Simulator & { readonly datadog: DatadogControls } {
  const { clock = Date.now } = options;
  const simulator = createSimulator('datadog');
  const { app } = simulator;
  const received = createReceived();
  const refusals: Refusal[] = [];
  const dislikes: DatadogControls['dislikes'] = [];
  let key = options.apiKey ?? DEFAULT_KEY;
  const intake = createIntake({ key: () => key, refusals });

  app.get('/__sim/received', (c) => c.json(received.all()));
  app.post('/__sim/refusals', async (c) => c.json({ armed: refusals.push((await c.req.json()) as Refusal) }));

  app.get('/api/v1/validate', (c) => intake.guard(c) ?? c.json({ valid: true }));
  app.post('/api/v2/logs', (c) => intake.take(c, (body) => takeLogs(body, { received, dislikes, now: clock() })));
  app.post('/api/v2/series', (c) => intake.take(c, (body) => takeSeries(body, { received, now: clock() })));
  app.post('/api/v1/events', (c) => intake.take(c, (body) => takeEvent(body, { received, now: clock() })));

  const datadog: DatadogControls = {
    received,
    refusals,
    dislikes,
    rotateKey: (next) => {
      key = next;
    },
  };
  return Object.assign(simulator, { datadog });
}
