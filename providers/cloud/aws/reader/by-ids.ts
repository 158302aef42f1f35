import { awsErrorCode, mapAwsError } from '../errors.ts';

/**
 * Describes many ids in few calls. One unknown id fails a whole EC2 call, so the ids the error names are dropped and the rest
 * asked again; when it names none, the batch is halved until the absent ones are alone. Absent ids are simply missing.
 */
export async function describeByIds<T>(
  ids: readonly string[],
  options: { readonly batch: number; readonly operation: string },
  call: (ids: string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const { batch, operation } = options;
  const found: T[] = [];
  try {
    for (let from = 0; from < ids.length; from += batch) {
      found.push(...(await describeBatch(ids.slice(from, from + batch), call)));
    }
  } catch (error) {
    throw mapAwsError(error, operation);
  }
  return found;
}

async function describeBatch<T>(ids: string[], call: (ids: string[]) => Promise<readonly T[]>): Promise<readonly T[]> {
  if (ids.length === 0) return [];
  try {
    return await call(ids);
  } catch (error) {
    if (!namesAbsent(error)) throw error;
    const text = error instanceof Error ? error.message : '';
    const rest = ids.filter((id) => !mentions(text, id));
    if (ids.length === 1) return [];
    // An error that names every id says nothing about any one of them: an endpoint may simply repeat the request.
    if (rest.length > 0 && rest.length < ids.length) return describeBatch(rest, call);
    const middle = Math.ceil(ids.length / 2);
    return [...(await describeBatch(ids.slice(0, middle), call)), ...(await describeBatch(ids.slice(middle), call))];
  }
}

/** Codes that do not follow EC2's pattern. */
const OTHERS = new Set(['LoadBalancerNotFound', 'InvalidInstanceType']);

function namesAbsent(error: unknown): boolean {
  const code = awsErrorCode(error) ?? '';
  return code.endsWith('.NotFound') || code.endsWith('.Malformed') || OTHERS.has(code);
}

/** Whole-id match: `i-1` is not named by a message about `i-12`. */
function mentions(text: string, id: string): boolean {
  const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[^\\w/-])${escaped}($|[^\\w/-])`).test(text);
}
