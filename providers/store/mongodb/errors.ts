import {
  MongoAPIError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  MongoWriteConcernError,
} from 'mongodb';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

const DUPLICATE_KEY = 11000;
/** Unauthorized, AuthenticationFailed. */
const CREDENTIAL_CODES = new Set<unknown>([13, 18]);
/** NotWritablePrimary and its relatives, shutdowns, elections, write concern not reached in time, time limit exceeded. */
const PASSING_CODES = new Set<unknown>([50, 64, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** True for E11000, whichever unique index refused. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Runs one database operation under a deadline and turns whatever the driver throws into a ProviderError. */
export async function guard<T>(operation: string, deadlineMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(storeError(operation, ProviderErrorKind.Unavailable, `no answer within ${deadlineMs} ms`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work(), deadline]);
  } catch (error) {
    throw toProviderError(operation, error);
  } finally {
    clearTimeout(timer);
  }
}

export function storeError(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return new ProviderError({ provider: 'mongodb', operation, kind, message });
}

function toProviderError(operation: string, error: unknown): unknown {
  if (error instanceof ProviderError || isDuplicateKey(error)) return error;
  const kind = kindOf(error);
  if (kind === null) return error;
  return new ProviderError({ provider: 'mongodb', operation, kind, message: describe(error), cause: error });
}

function kindOf(error: unknown): ProviderErrorKind | null {
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError)
    return ProviderErrorKind.Unavailable;
  if (error instanceof MongoWriteConcernError) return ProviderErrorKind.Unavailable;
  if (error instanceof MongoServerError) {
    if (CREDENTIAL_CODES.has(error.code)) return ProviderErrorKind.Unauthorised;
    return PASSING_CODES.has(error.code) ? ProviderErrorKind.Unavailable : ProviderErrorKind.Terminal;
  }
  if (error instanceof MongoAPIError) return ProviderErrorKind.Terminal;
  return error instanceof MongoError ? ProviderErrorKind.Unavailable : null;
}

/** The driver's message names hosts, never credentials. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
