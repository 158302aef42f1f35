import { z } from 'zod';
import { ProviderError, type ProviderErrorKind, type ProviderErrorOptions } from '../../../ports/errors.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import { jsonOf, type VendorHints } from '../../http/failure.ts';

export const VENDOR = 'prisma';
const DEFAULT_RETRY_MS = 5_000;

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
function statusKeys({ headers }: HttpAnswer): readonly string[] {
  const parsed = RedlockStatus.safeParse(jsonOf(headers.get('x-redlock-status') ?? '[]'));
  return (parsed.data ?? []).map((s) => s.i18nKey).filter((key) => /^[\w.-]{1,80}$/.test(key));
}

/** What Prisma Cloud does its own way. A 401 comes here only after the token was renewed. */
export const HINTS: VendorHints = {
  provider: VENDOR,
  unstatedWaitMs: DEFAULT_RETRY_MS,
  said: (_, answer) => statusKeys(answer).join(', '),
  fix({ status, operation }) {
    if (status === 401)
      return 'the access key was refused; check cnapp.prisma.accessKeyId and secretKey, and that the key has not expired';
    if (status === 403) return `the role of the access key needs ${PERMISSION[operation] ?? 'more rights'}`;
    if (status === 404) return 'the platform has no such thing';
    if (status === 425 || status === 429) return 'too many requests; lower cnapp.prisma.maxConcurrent';
    return status >= 400 && status < 500
      ? 'the request was not accepted; check cnapp.prisma.apiUrl and apiNames'
      : null;
  },
};

/** One sentence of the first thing zod found wrong. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not as promised'}`;
}
