import { accessDenied } from './errors.ts';
import { evaluate } from './iam-policy.ts';
import { type AwsCall, isMutation, listParam } from './request.ts';
import { rolePolicies } from './roles.ts';
import type { Principal } from './sessions.ts';

interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** Signing names that differ from the prefix IAM uses for the actions. */
const IAM_PREFIX: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', tagging: 'tag' };
/** EC2 resources whose ARN names no account. */
const OWNERLESS = new Set(['snapshot', 'image']);
/** What a creating call brings into being, which the caller must be allowed to create. */
const CREATES: Readonly<Record<string, readonly string[]>> = {
  CreateSnapshot: ['snapshot'],
  CreateSnapshots: ['volume', 'snapshot'],
  CreateImage: ['image', 'snapshot'],
  CreateVolume: ['volume'],
  AllocateAddress: ['elastic-ip'],
  RunInstances: ['instance', 'volume', 'network-interface', 'subnet', 'security-group'],
};
const PREFIX_TYPE: Readonly<Record<string, string>> = {
  i: 'instance',
  vol: 'volume',
  snap: 'snapshot',
  ami: 'image',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
};
const ID_PARAMS = [
  'InstanceId',
  'InstanceSpecification.InstanceId',
  'VolumeId',
  'AllocationId',
  'SnapshotId',
  'ImageId',
  'ResourceId',
];

/**
 * The decision AWS would make: the role's policy must allow every action on every resource involved, and so must the
 * session policy when there is one. Throws the service's own refusal.
 */
export function authorise(call: AwsCall, principal: Principal): void {
  for (const need of needsOf(call, principal.accountId)) assertAllowed(need, { region: call.region, principal });
}

/** What EC2 asks of KMS, in the name of the caller, before it attaches or creates an encrypted disk. */
const DISK_NEEDS = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext'];

/** Why the caller may not use this key through EC2; null when they may. */
export function keyRefusal(keyArn: string, at: { region: string; principal: Principal }): string | null {
  const viaService = { 'kms:viaservice': `ec2.${at.region}.amazonaws.com` };
  try {
    for (const action of DISK_NEEDS) {
      const grant = action === 'kms:CreateGrant' ? { 'kms:grantisforawsresource': 'true' } : {};
      assertAllowed({ action, resource: keyArn, context: { ...viaService, ...grant } }, at);
    }
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function assertAllowed(need: Need, { region, principal }: { region: string; principal: Principal }): void {
  const deny = (because: string) => accessDenied(principal.arn, need.action, need.resource, because);
  if (principal.kind === 'user') throw deny(`no identity-based policy allows the ${need.action} action`);
  const { session } = principal;
  const request = {
    ...need,
    context: { ...sessionContext(session), 'aws:requestedregion': region, ...need.context },
  };
  const byRole = evaluate(rolePolicies[session.role], request);
  if (byRole === 'deny') throw deny('an explicit deny in an identity-based policy');
  if (byRole === 'silent') throw deny(`no identity-based policy allows the ${need.action} action`);
  if (session.policy === null) return;
  const bySession = evaluate(session.policy, request);
  if (bySession === 'deny') throw deny('an explicit deny in a session policy');
  if (bySession === 'silent') throw deny(`no session policy allows the ${need.action} action`);
}

function sessionContext(session: Extract<Principal, { kind: 'session' }>['session']): Record<string, string> {
  const context: Record<string, string> = {};
  if (session.sourceIdentity !== null) context['aws:sourceidentity'] = session.sourceIdentity;
  for (const [key, value] of Object.entries(session.tags)) context[`aws:principaltag/${key.toLowerCase()}`] = value;
  return context;
}

function needsOf(call: AwsCall, accountId: string): Need[] {
  const prefix = IAM_PREFIX[call.service] ?? call.service;
  const action = `${prefix}:${call.operation}`;
  if (!isMutation(call.operation)) return [{ action, resource: '*' }];
  if (prefix === 'ec2') return ec2Needs(call, action, accountId);
  if (prefix === 'rds') {
    const id = call.params.get('DBInstanceIdentifier');
    return [{ action, resource: id === null ? '*' : `arn:aws:rds:${call.region}:${accountId}:db:${id}` }];
  }
  const arns = ['LoadBalancerArn', 'TargetGroupArn', 'ListenerArn', 'ResourceArns'].flatMap((p) =>
    listParam(call.params, p),
  );
  return (arns.length > 0 ? arns : ['*']).map((resource) => ({ action, resource }));
}

function ec2Needs(call: AwsCall, action: string, accountId: string): Need[] {
  const arn = (type: string, id: string) =>
    `arn:aws:ec2:${call.region}:${OWNERLESS.has(type) ? '' : accountId}:${type}/${id}`;
  const context = attributeContext(call);
  const named = ec2ResourceIds(call).map((id) => arn(PREFIX_TYPE[id.split('-')[0] ?? ''] ?? 'unknown', id));
  const made = (CREATES[call.operation] ?? []).map((type) => arn(type, '*'));
  const resources = [...named, ...made];
  const needs: Need[] = (resources.length > 0 ? resources : ['*']).map((resource) => ({ action, resource, context }));
  // Tags set at creation need the right to tag what is created, as on AWS.
  for (let i = 1; call.params.has(`TagSpecification.${i}.ResourceType`); i++) {
    const type = call.params.get(`TagSpecification.${i}.ResourceType`) ?? '';
    needs.push({ action: 'ec2:CreateTags', resource: arn(type, '*'), context: { 'ec2:createaction': call.operation } });
  }
  return needs;
}

/** Ids an EC2 request names, whatever parameter they came in. */
export function ec2ResourceIds(call: Pick<AwsCall, 'params'>): string[] {
  return ID_PARAMS.flatMap((p) => listParam(call.params, p));
}

function attributeContext(call: AwsCall): Record<string, string> {
  if (call.operation !== 'ModifyInstanceAttribute') return {};
  const byName = [...call.params.keys()].find((k) => k.endsWith('.Value') && !k.startsWith('BlockDevice'));
  const attribute = byName?.slice(0, -'.Value'.length) ?? call.params.get('Attribute') ?? '';
  return { 'ec2:attribute': attribute.charAt(0).toUpperCase() + attribute.slice(1) };
}
