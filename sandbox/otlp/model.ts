import { z } from 'zod';

/** 64-bit numbers are text in OTLP's JSON, or numbers where they fit. */
const Long = z.union([z.string().regex(/^-?\d+$/), z.number().int()]).transform(Number);
const Nanos = z
  .union([z.string().regex(/^\d+$/), z.number()])
  .transform((nanos) => new Date(Number(nanos) / 1e6).toISOString());

interface Value {
  stringValue?: string | undefined;
  boolValue?: boolean | undefined;
  intValue?: number | undefined;
  doubleValue?: number | undefined;
  arrayValue?: { values?: Value[] | undefined } | undefined;
}
const AnyValue: z.ZodType<Value> = z.lazy(() =>
  z.object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: Long.optional(),
    doubleValue: z.number().optional(),
    arrayValue: z.object({ values: z.array(AnyValue).optional() }).optional(),
  }),
);
const Attributes = z
  .array(z.object({ key: z.string(), value: AnyValue }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)])));
const Resource = z.object({ attributes: Attributes }).optional();

export const LogsRequest = z.object({
  resourceLogs: z
    .array(
      z.object({
        resource: Resource,
        scopeLogs: z.array(
          z.object({
            logRecords: z.array(
              z.object({
                timeUnixNano: Nanos,
                observedTimeUnixNano: Nanos.optional(),
                severityNumber: Long.optional(),
                severityText: z.string().optional(),
                eventName: z.string().optional(),
                body: AnyValue.optional(),
                attributes: Attributes,
              }),
            ),
          }),
        ),
      }),
    )
    .default([]),
});

const DataPoints = z.array(
  z.object({
    attributes: Attributes,
    startTimeUnixNano: Nanos.optional(),
    timeUnixNano: Nanos,
    asInt: Long.optional(),
    asDouble: z.number().optional(),
  }),
);
export const MetricsRequest = z.object({
  resourceMetrics: z.array(
    z.object({
      resource: Resource,
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.object({
              name: z.string(),
              unit: z.string().optional(),
              gauge: z.object({ dataPoints: DataPoints }).optional(),
              sum: z
                .object({
                  dataPoints: DataPoints,
                  aggregationTemporality: Long,
                  isMonotonic: z.boolean().default(false),
                })
                .optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface CollectedLog {
  readonly at: string;
  readonly severity: string;
  readonly eventName: string | null;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface CollectedPoint {
  readonly name: string;
  readonly kind: 'gauge' | 'sum';
  readonly monotonic: boolean;
  /** 1 delta, 2 cumulative, null for a gauge. */
  readonly temporality: number | null;
  readonly start: string | null;
  readonly at: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Collected {
  readonly logs: CollectedLog[];
  readonly points: CollectedPoint[];
  readonly requests: { path: string; items: number; protobuf: boolean; bytes: number }[];
}

export function logsOf(request: z.infer<typeof LogsRequest>): CollectedLog[] {
  return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map((log) => ({
        at: log.timeUnixNano,
        severity: log.severityText ?? '',
        eventName: log.eventName ?? null,
        body: log.body ? plain(log.body) : null,
        attributes: log.attributes,
        resource: resource?.attributes ?? {},
      })),
    ),
  );
}

export function pointsOf(request: z.infer<typeof MetricsRequest>): CollectedPoint[] {
  const metrics = request.resourceMetrics.flatMap((r) => r.scopeMetrics.flatMap((s) => s.metrics));
  return metrics.flatMap(({ name, gauge, sum }) =>
    [...(gauge?.dataPoints ?? []), ...(sum?.dataPoints ?? [])].map((point) => ({
      name,
      kind: sum ? ('sum' as const) : ('gauge' as const),
      monotonic: sum?.isMonotonic ?? false,
      temporality: sum?.aggregationTemporality ?? null,
      start: point.startTimeUnixNano ?? null,
      at: point.timeUnixNano,
      value: point.asInt ?? point.asDouble ?? 0,
      attributes: point.attributes,
    })),
  );
}

function plain(value: Value): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
  return value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue ?? null;
}
