/** Links as Compute Engine writes them, and the keys of the estate they stand for. */
const HOST = 'https://www.googleapis.com/compute/v1/';

export function linkTo(key: string): string {
  return HOST + key.replace('//compute.googleapis.com/', '');
}

/** The zone of every zonal resource of a region. */
export function zoneIn(region: string): string {
  return `${region}-b`;
}

export function diskKeyFor(accountId: string, region: string, name: string): string {
  return `//compute.googleapis.com/projects/${accountId}/zones/${zoneIn(region)}/disks/${name}`;
}

/** A numeric id, as text, that never changes. */
export function idOf(key: string): string {
  let n = 7n;
  for (const char of key) n = (n * 31n + BigInt(char.charCodeAt(0))) % 9_000_000_000_000_000_000n;
  return String(n + 1_000_000_000_000_000n);
}
