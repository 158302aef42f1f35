import type { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import type { HttpAnswer } from './exchange.ts';
import { jsonOf } from './failure.ts';

export interface BodyOf {
  readonly provider: string;
  readonly operation: string;
  /** The setting to look at when something else answers than the vendor. */
  readonly field: string;
}

/** The body as JSON, null when there is none. Text that is no JSON is `malformed`, and never quoted. */
export function readBody({ text, status }: HttpAnswer, at: BodyOf): unknown {
  if (status === 204 || text.trim() === '') return null;
  const body = jsonOf(text);
  if (body !== undefined) return body;
  const found = text.trimStart().startsWith('<') ? 'an HTML page' : `${text.length} characters of something else`;
  throw malformed(at, `the answer is not JSON but ${found}; a proxy may be answering, check ${at.field}`);
}

/** The body in the promised shape, or a `malformed` that names the field. */
export function ofShape<T>(shape: z.ZodType<T>, body: unknown, at: BodyOf): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(at, `answer field ${issue?.path.join('.') || '(whole)'}: ${issue?.message}; check ${at.field}`);
}

function malformed({ provider, operation }: BodyOf, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Malformed, provider, operation, message });
}
