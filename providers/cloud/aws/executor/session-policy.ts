import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';

/** One mutating call, as narrow as IAM can say it. */
export interface ScopedCall {
  /** e.g. `ec2:StopInstances`. */
  readonly action: string;
  readonly resources: readonly string[];
  /** Which of the account's two executor roles carries it. */
  readonly role: 'reversible' | 'destructive';
  /** Lets the call tag what it creates, and nothing else. */
  readonly tagsCreated?: string;
  /** IAM condition on the statement of the action itself. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Keys of the encrypted disks that the call makes EC2 attach or create: without them it answers "started", and stops again. */
  readonly keys?: EncryptionKeys;
}

export interface EncryptionKeys {
  /** ARNs. */
  readonly arns: readonly string[];
  /** Through whom alone they may be used, e.g. `ec2.eu-west-1.amazonaws.com`. */
  readonly viaService: string;
}

/**
 * What whoever starts a machine with encrypted EBS disks, or makes a volume of an encrypted snapshot, needs on their keys. Source: AWS, EBS
 * user guide, "Requirements for Amazon EBS encryption". A grant may only be made for EC2; the other calls know no such condition key.
 */
const KEY_ACTIONS = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncrypt*',
];

/** STS refuses longer ones. */
const LIMIT = 2_048;

/**
 * The inline session policy of one call: that action on those ARNs, tagging of what it creates, and the Describe calls of the
 * same service, which IAM cannot scope. Permissions are the intersection with the role's own.
 */
export function sessionPolicy(call: ScopedCall): string {
  const [service = '', operation = ''] = call.action.split(':');
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Act',
        Effect: 'Allow',
        Action: call.action,
        Resource: call.resources,
        ...(call.condition ? { Condition: call.condition } : {}),
      },
      ...(call.tagsCreated
        ? [
            {
              Sid: 'TagCreated',
              Effect: 'Allow',
              Action: 'ec2:CreateTags',
              Resource: call.tagsCreated,
              Condition: { StringEquals: { 'ec2:CreateAction': operation } },
            },
          ]
        : []),
      ...(call.keys && call.keys.arns.length > 0
        ? [
            {
              Sid: 'Keys',
              Effect: 'Allow',
              Action: KEY_ACTIONS,
              Resource: call.keys.arns,
              Condition: {
                StringEquals: { 'kms:ViaService': call.keys.viaService },
                BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' },
              },
            },
          ]
        : []),
      { Sid: 'Look', Effect: 'Allow', Action: `${service}:Describe*`, Resource: '*' },
    ],
  });
  if (call.resources.length === 0 || call.resources.includes('*') || text.length > LIMIT) {
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider: 'aws',
      operation: 'sessionPolicy',
      message: `the session policy for ${call.action} must name resources and stay within ${LIMIT} characters, it has ${text.length}; nothing was called`,
    });
  }
  return text;
}
