import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failureWith } from './errors.ts';

/** Rows of findings. One that has no id makes the list unusable: without it an asset would look safer than it is. */
export function readRows<T>(operation: string, nodes: readonly unknown[], reader: (node: unknown) => T): T[] {
  try {
    return nodes.map(reader);
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const where = issue ? `${issue.path.join('.') || 'row'}: ${issue.message}` : 'unreadable row';
    throw failureWith({ operation, kind: Kind.Malformed, message: where, cause: error });
  }
}
