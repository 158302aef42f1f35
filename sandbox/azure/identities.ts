/** The app registrations of the sandbox, and what the custom role of each of them lists. */
export const AZURE_TENANT = '5d1c8a3e-0000-4000-8000-00000000ac3e';

export const AzureApp = {
  read: 'a9e1f000-0000-4000-8000-000000000001',
  reversible: 'a9e1f000-0000-4000-8000-000000000002',
  destructive: 'a9e1f000-0000-4000-8000-000000000003',
} as const;
export type AzureRoleName = keyof typeof AzureApp;

const ROLES: Readonly<Record<AzureRoleName, readonly RegExp[]>> = {
  read: [/\/read$/],
  reversible: [
    /\/read$/,
    /^microsoft\.compute\/virtualmachines\/(deallocate|start)\/action$/,
    /^microsoft\.compute\/virtualmachines\/write$/,
    /^microsoft\.sql\/managedinstances\/(stop|start)\/action$/,
  ],
  destructive: [
    /\/read$/,
    /^microsoft\.compute\/snapshots\/write$/,
    /^microsoft\.compute\/disks\/(write|delete)$/,
    /^microsoft\.compute\/virtualmachines\/delete$/,
    /^microsoft\.network\/(publicipaddresses|loadbalancers)\/delete$/,
  ],
};

export function roleAllows(role: AzureRoleName, action: string): boolean {
  return ROLES[role].some((pattern) => pattern.test(action.toLowerCase()));
}
