import { DiagLogLevel, diag } from '@opentelemetry/api';
import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { ALL_TAKEN, type Receipt } from '../../../ports/telemetry.ts';
import { kindOfStatus } from '../status.ts';

/** What every OTLP exporter of the SDK is; code 0 means the collector answered with a status below 300. */
interface Exporter<T> {
  export(items: T, done: (result: { code: number; error?: Error }) => void): void;
}

interface Target {
  readonly operation: string;
  readonly url: string;
}

const PartialSuccess = z.object({
  rejectedLogRecords: z.coerce.number().optional(),
  rejectedDataPoints: z.coerce.number().optional(),
  errorMessage: z.string().optional(),
});

const SUCCESS = 0;
const UNREADABLE = /could not deserialize|failed to parse/i;

/**
 * An exporter's result says "success" even when the collector kept only a part, or when a proxy answered with a page of its
 * own. Both reach nobody but the SDK's diagnostic logger, which is told right before the result callback runs, in the same
 * turn: so what is heard there belongs to that result.
 */
const heard: string[] = [];
const listen = (...words: unknown[]) => heard.push(words.map(String).join(' '));
const quiet = () => undefined;

function listenToDiagnostics(): void {
  const logger = { error: quiet, warn: listen, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

/** Turns an exporter into a promise of a receipt. @throws ProviderError as the port says */
export function createExport<T>(exporter: Exporter<T>, target: Target): (items: T) => Promise<Receipt> {
  listenToDiagnostics();
  return (items) =>
    new Promise((resolve, reject) => {
      exporter.export(items, ({ code, error }) => {
        const said = heard.splice(0);
        if (code !== SUCCESS) return reject(problem(target, error));
        if (said.some((words) => UNREADABLE.test(words)))
          return reject(
            unavailable(target, 'its answer is not that of a collector; correct the URL, or the proxy before it'),
          );
        resolve(receiptOf(said));
      });
    });
}

function receiptOf(said: readonly string[]): Receipt {
  const words = said.find((line) => line.includes('Partial Success'));
  if (words === undefined) return ALL_TAKEN;
  const told = PartialSuccess.safeParse(jsonIn(words)).data ?? {};
  const rejected = told.rejectedLogRecords ?? told.rejectedDataPoints ?? 0;
  return { rejected, reason: told.errorMessage?.slice(0, 300) ?? null };
}

function jsonIn(words: string): unknown {
  try {
    return JSON.parse(words.slice(words.indexOf('{')));
  } catch {
    return null;
  }
}

function problem(target: Target, error: Error | undefined): ProviderError {
  const status = error && 'code' in error && typeof error.code === 'number' ? error.code : null;
  if (status === null) return unavailable(target, error?.message ?? 'no reason given');
  const kind = kindOfStatus(status);
  const fix = kind === ProviderErrorKind.Unauthorised ? '; correct telemetry.opentelemetry.headers' : '';
  const { url, operation } = target;
  return new ProviderError({
    provider: 'opentelemetry',
    operation,
    kind,
    status,
    message: `${url} answered ${status}${detailOf(error)}${fix}`,
  });
}

/** A status that the exporter itself takes for passing (429, 502, 503, 504) comes without its number. */
function unavailable({ url, operation }: Target, why: string): ProviderError {
  const message = `${url} did not take the batch: ${why}`;
  return new ProviderError({ provider: 'opentelemetry', operation, kind: ProviderErrorKind.Unavailable, message });
}

const Status = z.object({ message: z.string() });

/** The collector's own words, when it answered as OTLP says. */
function detailOf(error: Error | undefined): string {
  if (!error || !('data' in error) || typeof error.data !== 'string') return '';
  const told = Status.safeParse(jsonIn(error.data)).data;
  return told ? ` (${told.message.slice(0, 300)})` : '';
}
