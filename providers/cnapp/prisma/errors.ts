import { z } from 'zod';
import {
  ProviderErrorKind as Kind,
  ProviderError,
  type ProviderErrorKind,
  type ProviderErrorOptions,
} from '../../../ports/errors.ts';

export const VENDOR = 'prisma';
export const DEFAULT_RETRY_MS = 5_000;
const MAX_RETRY_MS = 15 * 60_000;

/** What the role of the access key must be allowed to do, by operation; named when it is refused. */
const PERMISSION: Readonly<Record<string, string>> = {
  'search-config': 'view for Investigate (configuration search)',
  resource: 'view for the asset inventory',
  'resource-network': 'view for the asset inventory',
  'external-findings': 'view for the asset inventory and its host findings',
  permission: 'view for IAM security, or set cnapp.prisma.permissionQuery to null',
  alerts: 'view for Alerts',
  alert: 'view for Alerts',
  'dismiss-alert': 'snooze and dismiss for Alerts, or set cnapp.prisma.snoozeNotes to null',
  'cloud-accounts': 'view for cloud accounts and an account group to see',
  'meta-info': 'to log in to the platform',
  hosts: 'read for Compute host monitoring, or set cnapp.prisma.compute to false',
  images: 'read for Compute image monitoring, or set cnapp.prisma.compute to false',
  registry: 'read for Compute registry monitoring, or set cnapp.prisma.compute to false',
  incidents: 'read for Compute runtime incidents, or set cnapp.prisma.compute to false',
  'agentless-scan': 'write for Compute agentless scanning, or set cnapp.prisma.agentlessScan to false',
};

export function failure(operation: string, kind: ProviderErrorKind, message: string): ProviderError {
  return failureWith({ operation, kind, message });
}

/** The same with status, waiting time or cause. */
export function failureWith(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

const RedlockStatus = z.array(z.object({ i18nKey: z.string().catch('') }));

/** Keys of the header the platform explains itself by; the body is often empty. */
export function statusKeys(response: Response): readonly string[] {
  try {
    const parsed = RedlockStatus.safeParse(JSON.parse(response.headers.get('x-redlock-status') ?? '[]'));
    return (parsed.data ?? []).map((s) => s.i18nKey).filter((key) => /^[\w.-]{1,80}$/.test(key));
  } catch {
    return [];
  }
}

/** The error for any status that is no success. A 401 comes here only after the token was renewed. */
export function httpFailure(operation: string, response: Response): ProviderError {
  const { status } = response;
  const keys = statusKeys(response);
  const said = `HTTP ${status}${keys.length > 0 ? ` (${keys.join(', ')})` : ''}`;
  const base = { operation, status };
  const fail = (kind: ProviderErrorKind, message: string) =>
    failureWith({ ...base, kind, message: `${said}: ${message}` });
  switch (true) {
    case status === 401:
      return fail(
        Kind.Unauthorised,
        'the access key was refused; check cnapp.prisma.accessKeyId and secretKey, and that the key has not expired',
      );
    case status === 403:
      return fail(Kind.Unauthorised, `the role of the access key needs ${PERMISSION[operation] ?? 'more rights'}`);
    case status === 404:
      return fail(Kind.NotFound, 'the platform has no such thing');
    case status === 425 || status === 429:
      return failureWith({
        ...base,
        kind: Kind.RetryAfter,
        message: `${said}: too many requests; lower cnapp.prisma.maxConcurrent`,
        retryAfterMs: retryAfter(response.headers.get('retry-after')),
      });
    case status >= 500:
      return fail(Kind.Unavailable, 'the platform failed');
    default:
      return fail(Kind.Terminal, 'the request was not accepted; check cnapp.prisma.apiUrl and apiNames');
  }
}

/** Seconds or an HTTP date, bounded so that a strange header cannot park the work for days. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (header === null) return DEFAULT_RETRY_MS;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_MS) : DEFAULT_RETRY_MS;
}

/** One sentence of the first thing zod found wrong. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not as promised'}`;
}
