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
}

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
