import { type Reading, read, refuse } from './reading.ts';

/** `us-east-1`, `us-gov-west-1`, `us-isob-east-1`, `eusc-de-east-1`. */
const REGION = /^[a-z]{2,4}(?:-(?:gov|iso[a-z]?|de))?-(?:central|(?:north|south)(?:east|west)?|east|west)-\d{1,2}$/;
/** `us-east-1a`, a local zone `us-west-2-lax-1a`, a wavelength zone `us-east-1-wl1-bos-wlz-1`, and their border groups. */
const ZONE = /^(?<region>[a-z-]+?-\d{1,2})(?:[a-z]|-[a-z]{3}-\d{1,2}[a-z]?|-wl\d-[a-z0-9-]+-wlz-\d{1,2})$/;
/** `use1-az1`, `usw2-lax1-az1`, `use1-wl1-bos-wlz1`: ids that name the same place in every account. */
const ZONE_ID =
  /^(?<place>[a-z]{2,4}?)(?<way>c|ne|nw|se|sw|n|s|e|w)(?<number>\d{1,2})-(?:[a-z]{3}\d{1,2}-)?(?:az\d+|wl\d.*)$/;
const WAYS: Readonly<Record<string, string>> = {
  c: 'central',
  n: 'north',
  s: 'south',
  e: 'east',
  w: 'west',
  ne: 'northeast',
  nw: 'northwest',
  se: 'southeast',
  sw: 'southwest',
};
/** Places that zone ids write shorter than region names. */
const PLACES: Readonly<Record<string, string>> = { usg: 'us-gov', eusc: 'eusc-de' };

/** Names in price lists and bills, by what stands in brackets; the continent before it is spelt in two ways (`EU`, `Europe`). */
const CITIES: Readonly<Record<string, string>> = {
  'cape town': 'af-south-1',
  'hong kong': 'ap-east-1',
  taipei: 'ap-east-2',
  tokyo: 'ap-northeast-1',
  seoul: 'ap-northeast-2',
  osaka: 'ap-northeast-3',
  'osaka-local': 'ap-northeast-3',
  mumbai: 'ap-south-1',
  hyderabad: 'ap-south-2',
  singapore: 'ap-southeast-1',
  sydney: 'ap-southeast-2',
  jakarta: 'ap-southeast-3',
  melbourne: 'ap-southeast-4',
  malaysia: 'ap-southeast-5',
  'new zealand': 'ap-southeast-6',
  thailand: 'ap-southeast-7',
  calgary: 'ca-west-1',
  beijing: 'cn-north-1',
  ningxia: 'cn-northwest-1',
  frankfurt: 'eu-central-1',
  zurich: 'eu-central-2',
  stockholm: 'eu-north-1',
  milan: 'eu-south-1',
  spain: 'eu-south-2',
  ireland: 'eu-west-1',
  london: 'eu-west-2',
  paris: 'eu-west-3',
  germany: 'eusc-de-east-1',
  'tel aviv': 'il-central-1',
  uae: 'me-central-1',
  bahrain: 'me-south-1',
  'sao paulo': 'sa-east-1',
  'n. virginia': 'us-east-1',
  ohio: 'us-east-2',
  'n. california': 'us-west-1',
  oregon: 'us-west-2',
  'us-east': 'us-gov-east-1',
  'us-west': 'us-gov-west-1',
};

/** @returns the region; `global` for what AWS calls global or without region */
export function awsRegion(text: string): Reading<string> {
  const word = text.trim().toLowerCase();
  if (/^(global|noregion|none|aws(-[a-z-]+)?-global)$/.test(word)) return read('global');
  if (REGION.test(word)) return read(word);
  const zone = awsZone(word);
  if (zone.ok) return read(zone.value.region);
  const named = byName(word);
  return named === undefined ? refuse(text, 'must be an AWS region such as eu-west-1, or a zone of one') : read(named);
}

/** Region of a zone's name or id. Zone ids are kept as they are: which letter they have differs between accounts. */
export function awsZone(text: string): Reading<{ readonly region: string; readonly zone: string }> {
  const zone = text.trim().toLowerCase();
  const region = ZONE.exec(zone)?.groups?.['region'];
  if (region !== undefined && REGION.test(region)) return read({ region, zone });
  const groups = ZONE_ID.exec(zone)?.groups;
  const { place = '', way = '', number = '' } = groups ?? {};
  const spelt = `${PLACES[place] ?? place}-${WAYS[way] ?? ''}-${number}`;
  if (groups !== undefined && REGION.test(spelt)) return read({ region: spelt, zone });
  return refuse(text, 'must be an AWS zone such as eu-west-1a, us-west-2-lax-1a or euw1-az1');
}

/** `US East (N. Virginia)` → `us-east-1`. Two countries have one region that is called after where in them it lies. */
function byName(word: string): string | undefined {
  const [, before = '', within = ''] =
    /^([a-z ]+) \(([^)]+)\)$/.exec(word.normalize('NFD').replace(/\p{M}/gu, '')) ?? [];
  if (within === 'central') return { canada: 'ca-central-1', mexico: 'mx-central-1' }[before];
  // The same city may have a region of another partition: only the ordinary one is meant without a word before it.
  return before.includes(' iso') ? undefined : CITIES[within];
}
