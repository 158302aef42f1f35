/** The service accounts of the sandbox. The first two have keys; the other two are impersonated by `executor` alone. */
const HOME = 'acme-prod-314159.iam.gserviceaccount.com';
export const GcpAccount = {
  read: `idlewise-read@${HOME}`,
  executor: `idlewise-executor@${HOME}`,
  reversible: `idlewise-reversible@${HOME}`,
  destructive: `idlewise-destructive@${HOME}`,
} as const;
export type GcpRoleName = keyof typeof GcpAccount;

const READ = /\.(get|list|listReferrers)$/;
const ROLES: Readonly<Record<GcpRoleName, readonly RegExp[]>> = {
  read: [READ],
  executor: [/^iam\.serviceAccounts\.getAccessToken$/],
  reversible: [READ, /^compute\.instances\.(stop|start|setMachineType)$/, /^cloudsql\.instances\.update$/],
  destructive: [
    /^compute\.(zone|region|global)Operations\.get$/,
    /^compute\.snapshots\.create$/,
    /^compute\.disks\.(create|delete)$/,
    /^compute\.instances\.delete$/,
    /^compute\.(addresses|globalAddresses)\.delete$/,
  ],
};

export function roleAllows(role: GcpRoleName, permission: string): boolean {
  return ROLES[role].some((pattern) => pattern.test(permission));
}
