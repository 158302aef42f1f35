/** Self links: who serves them, and under which path. */
const LINKS: Readonly<Record<string, { readonly hosts: readonly string[]; readonly path: string }>> = {
  'compute.googleapis.com': { hosts: ['www.googleapis.com', 'compute.googleapis.com'], path: 'compute/v1' },
  'cloudsql.googleapis.com': { hosts: ['sqladmin.googleapis.com', 'www.googleapis.com'], path: 'sql/v1beta4' },
};
const GOOGLE = /^\/\/(?<service>[a-z]+\.googleapis\.com)\/(?<rest>projects\/.+)$/;

/** The ways in which other systems may keep this asset, the key first; `assetKeyOf` of each is the key again. */
export function spellingsOf(assetKey: string): readonly string[] {
  const address = /^(arn:[^:]+:ec2:[^:]+:\d{12}:)elastic-ip\/(eipalloc-.+)$/.exec(assetKey);
  if (address) return [assetKey, `${address[1]}eip-allocation/${address[2]}`];
  const { service = '', rest = '' } = GOOGLE.exec(assetKey)?.groups ?? {};
  const links = (LINKS[service]?.hosts ?? []).map((host) => `https://${host}/${LINKS[service]?.path}/${rest}`);
  const other = service === 'cloudsql.googleapis.com' ? [`//sqladmin.googleapis.com/${rest}`] : [];
  return [assetKey, ...links, ...other];
}
