import { cborTime, decodeCbor, encodeCbor } from './cbor.ts';
import { accessDenied, escapeXml, xml } from './errors.ts';
import { getMetricData, type MetricDataResult } from './get-metric-data.ts';
import { type Datapoint, getMetricStatistics, listMetrics } from './get-metric-statistics.ts';
import type { AwsCall } from './request.ts';
import type { World } from './world.ts';

/**
 * CloudWatch, answered from the estate. Three wire protocols: JSON (SDK for JavaScript), CBOR (current botocore) and
 * the old query form (older botocore). moto's own needs minutes for what a sweep asks.
 */
export function answerCloudWatch(world: World, call: AwsCall, scope: { accountId: string; region: string }): Response {
  const input = inputOf(call);
  switch (call.operation) {
    case 'GetMetricData':
      return metricData(call, getMetricData(world, scope, input));
    case 'GetMetricStatistics':
      return metricStatistics(call, getMetricStatistics(world, scope, input));
    case 'ListMetrics':
      return plainAnswer(call, listMetrics(world, scope, input));
    default:
      throw accessDenied('sandbox', `cloudwatch:${call.operation}`, '*', 'the sandbox does not offer it');
  }
}

function inputOf(call: AwsCall): unknown {
  switch (call.protocol) {
    case 'json':
      return JSON.parse(new TextDecoder().decode(call.body));
    case 'cbor':
      return decodeCbor(call.body);
    case 'ec2':
    case 'query':
      return fromForm(call.params);
  }
}

function metricData(call: AwsCall, answer: { MetricDataResults: MetricDataResult[]; NextToken?: string }): Response {
  switch (call.protocol) {
    case 'json':
      return json(answer);
    case 'cbor':
      return cborAnswer({
        ...answer,
        MetricDataResults: answer.MetricDataResults.map((r) => ({ ...r, Timestamps: r.Timestamps.map(cborTime) })),
      });
    case 'ec2':
    case 'query':
      return form(
        call,
        toXml({
          ...answer,
          MetricDataResults: answer.MetricDataResults.map((r) => ({ ...r, Timestamps: r.Timestamps.map(isoTime) })),
        }),
      );
  }
}

function metricStatistics(call: AwsCall, answer: { Label: string; Datapoints: Datapoint[] }): Response {
  const timed = (convert: (t: number) => unknown) => ({
    ...answer,
    Datapoints: answer.Datapoints.map((d) => ({ ...d, Timestamp: convert(d.Timestamp) })),
  });
  switch (call.protocol) {
    case 'json':
      return json(answer);
    case 'cbor':
      return cborAnswer(timed(cborTime));
    case 'ec2':
    case 'query':
      return form(call, toXml(timed(isoTime)));
  }
}

function plainAnswer(call: AwsCall, answer: object): Response {
  if (call.protocol === 'json') return json(answer);
  return call.protocol === 'cbor' ? cborAnswer(answer) : form(call, toXml(answer));
}

const json = (answer: unknown): Response =>
  new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/x-amz-json-1.0' } });

const cborAnswer = (answer: unknown): Response =>
  new Response(encodeCbor(answer), {
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  });

const form = (call: AwsCall, inner: string): Response =>
  xml(
    200,
    `<${call.operation}Response xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><${call.operation}Result>${inner}</${call.operation}Result><ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata></${call.operation}Response>`,
  );

const isoTime = (epochSeconds: number): string => new Date(epochSeconds * 1000).toISOString();

function toXml(value: unknown): string {
  if (Array.isArray(value)) return value.map((v) => `<member>${toXml(v)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .map(([k, v]) => `<${k}>${toXml(v)}</${k}>`)
    .join('');
}

/** `A.member.1.B=c` → `{ A: [{ B: 'c' }] }`, with numbers, booleans and times as the JSON protocol would carry them. */
export function fromForm(params: URLSearchParams): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, text] of params) {
    const path = name.split('.');
    let node = root;
    for (const key of path.slice(0, -1)) {
      node[key] ??= {};
      node = node[key] as Record<string, unknown>;
    }
    node[path.at(-1) as string] = scalar(path.at(-1) as string, text);
  }
  return unlist(root);
}

function scalar(name: string, text: string): unknown {
  if (name === 'StartTime' || name === 'EndTime') return Date.parse(text) / 1000;
  if (name === 'Period' || name === 'MaxDatapoints') return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}

function unlist(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const members = (node as { member?: Record<string, unknown> }).member;
  if (members) {
    return Object.entries(members)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, v]) => unlist(v));
  }
  return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, unlist(v)]));
}
