/** `https://www.googleapis.com/compute/v1/projects/…` and the like: the self link of a Google Cloud resource. */
const SELF_LINK =
  /^https:\/\/(?:www|compute|sqladmin)\.googleapis\.com\/(?<api>compute|sql)\/v\d[a-z0-9]*\/(?<rest>projects\/.+)$/;
const GOOGLE = /^\/\/(?<service>compute|cloudsql)\.googleapis\.com\/(?<rest>projects\/.+)$/;

/** Wiz's provider unique id as our asset key: Azure's in lower case, Google's self link as full resource name. */
export function assetKeyOf(providerUniqueId: string): string {
  if (/^\/subscriptions\//i.test(providerUniqueId)) return providerUniqueId.toLowerCase();
  const link = SELF_LINK.exec(providerUniqueId)?.groups;
  if (!link) return providerUniqueId;
  return `//${link['api'] === 'sql' ? 'cloudsql' : 'compute'}.googleapis.com/${link['rest']}`;
}

/** The provider unique ids under which Wiz may keep this asset; `assetKeyOf` of each is the asset key again. */
export function spellingsOf(assetKey: string): readonly string[] {
  const name = GOOGLE.exec(assetKey)?.groups;
  if (!name) return [assetKey];
  const [hosts, path] =
    name['service'] === 'cloudsql' ? [['sqladmin', 'www'], 'sql/v1beta4'] : [['www', 'compute'], 'compute/v1'];
  return [assetKey, ...(hosts as string[]).map((host) => `https://${host}.googleapis.com/${path}/${name['rest']}`)];
}
