import { gunzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { z } from 'zod';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { type Collected, LogsRequest, logsOf, MetricsRequest, pointsOf } from './model.ts';
import { decodeMessage } from './protobuf.ts';
import { LOGS_REQUEST, METRICS_REQUEST, type Shape } from './shapes.ts';

export interface OtlpSimulatorOptions {
  /** A header that must be there, as the API gateway of an observability vendor asks for one. */
  readonly requires?: { readonly name: string; readonly value: string };
  /** Largest request, unpacked. @default 20971520, the OpenTelemetry Collector's own */
  readonly maxBytes?: number;
}

export interface OtlpControls {
  readonly collected: Collected;
  /** Bodies of each answer that is due before the ordinary ones. */
  readonly answers: OtlpAnswer[];
  /** The value the required header must have from now on. */
  requireValue(value: string): void;
}

export type OtlpAnswer =
  /** Takes all but the first few of the next request, and says so in a 200. */
  | { readonly kind: 'partial'; readonly rejected: number; readonly message: string }
  /** A status of google.rpc, as the Collector answers. */
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly retryAfter?: number }
  /** A login page with a 200: some proxy between the two. */
  | { readonly kind: 'page' };

interface Signal {
  readonly shape: Shape;
  take(json: unknown, skip: number): { readonly count: number } | null;
  readonly rejectedField: string;
}

/**
 * A small OpenTelemetry collector: OTLP over HTTP, logs and metrics, JSON and protobuf, gzip.
 * `GET /__sim/collected` shows what it has; `POST /__sim/answers` scripts the next answers (see OtlpAnswer).
 */
export function createOtlpSimulator(options: OtlpSimulatorOptions = {}): Simulator & { readonly otlp: OtlpControls } {
  const { requires, maxBytes = 20_971_520 } = options;
  const simulator = createSimulator('otlp');
  const collected: Collected = { logs: [], points: [], requests: [] };
  const answers: OtlpAnswer[] = [];
  let expected = requires?.value;

  const serve = (path: string, signal: Signal) =>
    simulator.app.post(path, async (c) => {
      if (requires && c.req.header(requires.name) !== expected) return status(c, 401, 'missing or wrong credentials');
      const next = answers.shift();
      if (next?.kind === 'page') return c.html('<html><body>Please sign in</body></html>');
      if (next?.kind === 'status') {
        if (next.retryAfter !== undefined) c.header('retry-after', String(next.retryAfter));
        return status(c, next.status, next.message ?? 'scripted');
      }
      const body = await unpack(c);
      if (body === null) return status(c, 400, 'the body cannot be read');
      if (body.length > maxBytes) return status(c, 413, `the body has ${body.length} bytes`);
      const protobuf = c.req.header('content-type')?.startsWith('application/x-protobuf') ?? false;
      const taken = signal.take(parse(body, protobuf ? signal.shape : null), next?.rejected ?? 0);
      if (taken === null) return status(c, 400, 'the body is not an OTLP request');
      collected.requests.push({ path, items: taken.count, protobuf, bytes: body.length });
      // An empty message is an empty body in protobuf.
      if (protobuf) return c.body(new Uint8Array(), 200, { 'content-type': 'application/x-protobuf' });
      if (!next) return c.json({});
      return c.json({
        partialSuccess: { [signal.rejectedField]: String(next.rejected), errorMessage: next.message },
      });
    });

  simulator.app.get('/__sim/collected', (c) => c.json(collected));
  simulator.app.post('/__sim/answers', async (c) => c.json({ due: answers.push((await c.req.json()) as OtlpAnswer) }));
  serve('/v1/logs', {
    shape: LOGS_REQUEST,
    rejectedField: 'rejectedLogRecords',
    take: (json, skip) => keep(LogsRequest, json, (request) => push(collected.logs, logsOf(request).slice(skip))),
  });
  serve('/v1/metrics', {
    shape: METRICS_REQUEST,
    rejectedField: 'rejectedDataPoints',
    take: (json, skip) =>
      keep(MetricsRequest, json, (request) => push(collected.points, pointsOf(request).slice(skip))),
  });
  const otlp: OtlpControls = {
    collected,
    answers,
    requireValue: (value) => {
      expected = value;
    },
  };
  return Object.assign(simulator, { otlp });
}

function keep<S extends z.ZodType>(schema: S, json: unknown, take: (request: z.output<S>) => number) {
  const parsed = schema.safeParse(json);
  return parsed.success ? { count: take(parsed.data) } : null;
}

function push<T>(into: T[], items: readonly T[]): number {
  for (const item of items) into.push(item);
  return items.length;
}

async function unpack(c: Context): Promise<Buffer | null> {
  const packed = Buffer.from(await c.req.arrayBuffer());
  try {
    return c.req.header('content-encoding') === 'gzip' ? gunzipSync(packed) : packed;
  } catch {
    return null;
  }
}

function parse(body: Buffer, shape: Shape | null): unknown {
  try {
    return shape ? decodeMessage(body, shape) : JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function status(c: Context, code: number, message: string): Response {
  return c.json({ code, message }, code as 400);
}
