import type { Plan } from '../../../../schemas/option.ts';
import { sha256 } from '../../../../schemas/digest.ts';
import { isProviderError } from '../../../../ports/errors.ts';
import type { EffectLog, ExecutionIdentity } from '../../../../ports/cloud.ts';
import { CallRefused } from '../../shared/executor/halt.ts';
import type { AwsClients, RegionalClients } from '../clients.ts';
import { assumeRole } from '../credentials.ts';
import { awsErrorCode } from '../errors.ts';
import { awsFailures } from './failure.ts';
import { type ScopedCall, sessionPolicy } from './session-policy.ts';

export interface SessionRequest {
  readonly plan: Plan;
  readonly identity: ExecutionIdentity;
  readonly log: EffectLog;
  readonly step: string;
  readonly call: ScopedCall;
}

/** The shortest life STS gives. */
const SECONDS = 900;
const NAME_LIMIT = 64;
const TAG_LIMIT = 256;

/**
 * Clients that can make exactly one kind of call on exactly one resource for 15 minutes, traceable in CloudTrail to the
 * decision. Credentials stay in these clients' memory; the log learns the key id, the expiry and the policy digest.
 * @throws CallRefused when STS denies the role, ProviderError otherwise
 */
export async function issueSession(clients: AwsClients, request: SessionRequest): Promise<RegionalClients> {
  const { plan, identity, log, step, call } = request;
  const policy = sessionPolicy(call);
  const roleArn = clients.account(plan.accountId).executorRoleArns[call.role];
  const sourceIdentity = stsName(identity.decisionId);
  const sessionName = stsName(`idlewise-${step}-${sha256(identity.remediationId).slice(0, 12)}`);
  const tags = {
    run: stsTag(identity.remediationId),
    asset: stsTag(plan.assetKey),
    action: stsTag(call.action),
  };
  const credentials = await assumeRole(clients.sts(plan.region), {
    roleArn,
    sessionName,
    sourceIdentity,
    policy,
    tags,
    durationSeconds: SECONDS,
    externalId: await clients.externalId(plan.accountId),
    transitiveTagKeys: Object.keys(tags),
  }).catch((error: unknown) => {
    if (isProviderError(error, 'unauthorised')) {
      const code = awsErrorCode(error) ?? 'AccessDenied';
      throw new CallRefused(step, {
        code,
        message: error.message,
        denied: code === 'AccessDenied' || awsFailures.denied(error),
      });
    }
    throw error;
  });
  await log.credentialsIssued({
    step,
    accessKeyId: credentials.accessKeyId,
    expiresAt: credentials.expiration.toISOString(),
    roleArn,
    sessionName,
    sourceIdentity,
    action: call.action,
    resources: call.resources,
    policyDigest: sha256(policy),
  });
  return clients.clientsFor({ accountId: plan.accountId, region: plan.region, credentials });
}

/** Text STS accepts as SourceIdentity or RoleSessionName (2–64 of `\w+=,.@-`); changed text ends in a digest of the original. */
export function stsName(text: string): string {
  const plain = text.replace(/[^\w+=,.@-]/g, '-');
  if (plain === text && text.length >= 2 && text.length <= NAME_LIMIT) return text;
  const digest = sha256(text).slice(0, 16);
  return `${plain.slice(0, NAME_LIMIT - digest.length - 1)}.${digest}`;
}

/** Text STS accepts as a session tag value. */
export function stsTag(text: string): string {
  const plain = text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-');
  if (plain.length <= TAG_LIMIT) return plain;
  return `${plain.slice(0, TAG_LIMIT - 17)}.${sha256(text).slice(0, 16)}`;
}
