/** How a field travels, and the shape of what is in it when that is a message. */
export interface Field {
  readonly name: string;
  readonly as: 'text' | 'bytes' | 'bool' | 'int' | 'fixed64' | 'sfixed64' | 'double' | 'message';
  readonly shape?: () => Shape;
  readonly many?: boolean;
}

/** Fields of a protobuf message by number, named as in OTLP's JSON. Only what this collector looks at: the rest is skipped. */
export type Shape = Readonly<Record<number, Field>>;

const one = (name: string, as: Exclude<Field['as'], 'message'>): Field => ({ name, as });
const message = (name: string, shape: () => Shape): Field => ({ name, as: 'message', shape });
const list = (name: string, shape: () => Shape): Field => ({ name, as: 'message', shape, many: true });

const ANY_VALUE: Shape = {
  1: one('stringValue', 'text'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'int'),
  4: one('doubleValue', 'double'),
  5: message('arrayValue', () => ({ 1: list('values', () => ANY_VALUE) })),
  6: message('kvlistValue', () => ({ 1: list('values', () => KEY_VALUE) })),
};
const KEY_VALUE: Shape = { 1: one('key', 'text'), 2: message('value', () => ANY_VALUE) };
const RESOURCE: Shape = { 1: list('attributes', () => KEY_VALUE) };
const SCOPE: Shape = { 1: one('name', 'text'), 2: one('version', 'text') };

const LOG_RECORD: Shape = {
  1: one('timeUnixNano', 'fixed64'),
  2: one('severityNumber', 'int'),
  3: one('severityText', 'text'),
  5: message('body', () => ANY_VALUE),
  6: list('attributes', () => KEY_VALUE),
  11: one('observedTimeUnixNano', 'fixed64'),
  12: one('eventName', 'text'),
};

export const LOGS_REQUEST: Shape = {
  1: list('resourceLogs', () => ({
    1: message('resource', () => RESOURCE),
    2: list('scopeLogs', () => ({ 1: message('scope', () => SCOPE), 2: list('logRecords', () => LOG_RECORD) })),
  })),
};

const DATA_POINT: Shape = {
  2: one('startTimeUnixNano', 'fixed64'),
  3: one('timeUnixNano', 'fixed64'),
  4: one('asDouble', 'double'),
  6: one('asInt', 'sfixed64'),
  7: list('attributes', () => KEY_VALUE),
};
const METRIC: Shape = {
  1: one('name', 'text'),
  2: one('description', 'text'),
  3: one('unit', 'text'),
  5: message('gauge', () => ({ 1: list('dataPoints', () => DATA_POINT) })),
  7: message('sum', () => ({
    1: list('dataPoints', () => DATA_POINT),
    2: one('aggregationTemporality', 'int'),
    3: one('isMonotonic', 'bool'),
  })),
};

export const METRICS_REQUEST: Shape = {
  1: list('resourceMetrics', () => ({
    1: message('resource', () => RESOURCE),
    2: list('scopeMetrics', () => ({ 1: message('scope', () => SCOPE), 2: list('metrics', () => METRIC) })),
  })),
};
