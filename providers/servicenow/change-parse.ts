import { z } from 'zod';
import { ProviderErrorKind } from '../../ports/errors.ts';
import type { ChangeRecord } from './change-records.ts';
import { serviceNowError } from './errors.ts';
import { firstIssue, oneResult, Pair } from './fields.ts';

const Change = z.record(z.string(), z.unknown());
const Meta = z.object({ ignoredFields: z.array(z.string()).default([]) });
const SysId = z.string().regex(/^[0-9a-f]{32}$/, 'must be a sys_id of 32 hexadecimal digits');

/** Reads one change out of an answer of the Change API or of the Table API with all display values. */
export function parseChange(operation: string, body: unknown): { change: ChangeRecord; ignored: readonly string[] } {
  const parsed = oneResult(Change).safeParse(body);
  if (!parsed.success) throw malformed(operation, firstIssue(parsed.error));
  const { __meta, ...columns } = parsed.data.result;
  const values: Record<string, string> = {};
  const labels: Record<string, string> = {};
  for (const [name, cell] of Object.entries(columns)) {
    const pair = Pair.safeParse(cell);
    if (!pair.success) continue;
    values[name] = name === 'state' ? stateText(pair.data.value) : pair.data.value;
    labels[name] = pair.data.label;
  }
  const id = SysId.safeParse(values.sys_id);
  if (!id.success) throw malformed(operation, `sys_id: ${id.error.issues[0]?.message}`);
  if (!values.number) throw malformed(operation, 'number: missing');
  if (values.state === undefined || !/^-?\d+$/.test(values.state)) throw malformed(operation, 'state: not a number');
  const meta = Meta.safeParse(__meta ?? {});
  return {
    change: { id: id.data, number: values.number, values, labels },
    ignored: meta.success ? meta.data.ignoredFields : [],
  };
}

/** Throws Terminal when one of the sent fields was not taken. */
export function refuseIgnored(
  operation: string,
  ignored: readonly string[],
  sent: { number: string; fields: readonly string[] },
) {
  const lost = ignored.filter((field) => sent.fields.includes(field));
  if (lost.length > 0)
    throw serviceNowError(ProviderErrorKind.Terminal, operation, {
      message: `${sent.number} did not take ${lost.join(', ')}; give the integration account write access to them`,
    });
}

/** `-5.0` and `-5` are the same state. */
export function stateText(value: string): string {
  return /^-?\d+\.0+$/.test(value) ? String(Number(value)) : value;
}

function malformed(operation: string, message: string) {
  return serviceNowError(ProviderErrorKind.Malformed, operation, { message });
}
