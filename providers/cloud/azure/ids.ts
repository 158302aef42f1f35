/** A resource id taken apart. All in lower case: Azure's own answers differ in case from call to call. */
export interface ResourcePath {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** `microsoft.compute/virtualmachines`. */
  readonly type: string;
  readonly name: string;
}

const ID =
  /^\/subscriptions\/(?<subscriptionId>[^/]+)\/resourcegroups\/(?<resourceGroup>[^/]+)\/providers\/(?<type>[^/]+\/[^/]+)\/(?<name>[^/]+)$/;

/** Null when the text is no id of a resource that stands by itself. */
export function parseId(id: string): ResourcePath | null {
  const groups = ID.exec(id.toLowerCase())?.groups;
  if (groups === undefined) return null;
  const { subscriptionId = '', resourceGroup = '', type = '', name = '' } = groups;
  return { subscriptionId, resourceGroup, type, name };
}

/** The one spelling of ids in facts and asset keys. */
export function idOf(id: string): string {
  return id.toLowerCase();
}

/** Where a lock, an address configuration or a pool hangs: the id up to this part. */
export function idBefore(id: string, part: string): string {
  const folded = id.toLowerCase();
  const at = folded.indexOf(part.toLowerCase());
  return at < 0 ? folded : folded.slice(0, at);
}
