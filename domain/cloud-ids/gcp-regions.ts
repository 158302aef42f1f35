import { type Reading, read, refuse } from './reading.ts';

/** `europe-west12`, `northamerica-northeast1`. */
const REGION = /^[a-z]+-[a-z]+\d{1,2}$/;
/** `europe-west10-a`, and AI zones: `us-central1-ai1a`. */
const ZONE = /^(?<region>[a-z]+-[a-z]+\d{1,2})-(?:ai\d+)?[a-z]$/;
/** Places of storage and of data sets that are no region: `us`, `eu`, `nam4`, `eur5`. */
const SPREAD = /^(us|eu|asia|europe|nam\d+|eur\d+|asia\d+)$/;

/** The region of a region, a zone, or a link to either: `projects/p/zones/us-central1-ai1a` → `us-central1`. */
export function gcpRegion(text: string): Reading<string> {
  const word = lastPart(text);
  if (/^(global|none)$/.test(word)) return read('global');
  if (REGION.test(word) || SPREAD.test(word)) return read(word);
  const zone = gcpZone(word);
  return zone.ok
    ? read(zone.value.region)
    : refuse(text, 'must be a Google Cloud region or zone such as europe-west12-c');
}

export function gcpZone(text: string): Reading<{ readonly region: string; readonly zone: string }> {
  const zone = lastPart(text);
  const region = ZONE.exec(zone)?.groups?.['region'];
  return region === undefined
    ? refuse(text, 'must be a Google Cloud zone such as europe-west12-c or us-central1-ai1a')
    : read({ region, zone });
}

/** Consoles write `Iowa (us-central1)` and `us-central1 (Iowa)`. */
function lastPart(text: string): string {
  const word = text.trim().toLowerCase();
  if (/^https?:|^\/\/|\//.test(word)) return word.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return (
    word
      .split(/[()]/)
      .map((part) => part.trim())
      .find((part) => REGION.test(part) || ZONE.test(part)) ?? word.replaceAll(' ', '')
  );
}
