/** The account the sandbox's own IAM users live in; it owns no assets. */
export const MANAGEMENT_ACCOUNT = '900000000000';

/** Roles that exist in every member account. */
export const SandboxRole = {
  Read: 'IdlewiseRead',
  Reversible: 'IdlewiseExecutorReversible',
  Destructive: 'IdlewiseExecutorDestructive',
  /** Everything allowed; for a person or a test that looks at the estate. */
  Admin: 'OrganizationAccountAccessRole',
} as const;
export type SandboxRole = (typeof SandboxRole)[keyof typeof SandboxRole];

/** Long-lived users of the management account. All they may do is assume the roles named here. Any secret key is accepted. */
export const SandboxUser = {
  read: { accessKeyId: 'AKIAIDLEWISEREAD0001', userName: 'idlewise-read', mayAssume: [SandboxRole.Read] },
  executor: {
    accessKeyId: 'AKIAIDLEWISEEXEC0001',
    userName: 'idlewise-executor',
    mayAssume: [SandboxRole.Reversible, SandboxRole.Destructive],
  },
  admin: { accessKeyId: 'AKIAIDLEWISEADMIN001', userName: 'sandbox-admin', mayAssume: [SandboxRole.Admin] },
} as const;

export function sandboxRoleArn(accountId: string, role: SandboxRole): string {
  return `arn:aws:iam::${accountId}:role/${role}`;
}

/** The ExternalId that the trust policies of an account's Idlewise roles demand. */
export function sandboxExternalId(accountId: string): string {
  return `idlewise-sandbox-${accountId}`;
}
