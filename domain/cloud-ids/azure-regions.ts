import { type Reading, read, refuse } from './reading.ts';

/**
 * Names whose words Cost Management puts in another order, with the country in front, in full or by its code: `US East 2` is
 * eastus2, `IN Central` is centralindia. By code, names of the country, and the regions as the words of their own names.
 * Source: the public table of region spellings of Microsoft's FinOps toolkit, which the test walks.
 */
const COUNTRIES: readonly (readonly [code: string, country: string, regions: string])[] = [
  ['us', 'us', 'central,east,east-2,east-3,north-central,south-central,west,west-2,west-3,west-central'],
  ['in', 'india', 'central,south,west'],
  ['ap', 'asia', 'east,southeast'],
  ['eu', 'europe', 'north,west'],
];
/** Countries whose regions keep the country in front: `AE North` is uaenorth. */
const IN_FRONT: Readonly<Record<string, string>> = {
  ae: 'uae',
  at: 'austria',
  au: 'australia',
  be: 'belgium',
  br: 'brazil',
  ca: 'canada',
  ch: 'switzerland',
  cl: 'chile',
  cn: 'china',
  de: 'germany',
  dk: 'denmark',
  es: 'spain',
  fi: 'finland',
  fr: 'france',
  gr: 'greece',
  id: 'indonesia',
  il: 'israel',
  in: 'india',
  it: 'italy',
  ja: 'japan',
  jp: 'japan',
  kr: 'korea',
  mx: 'mexico',
  my: 'malaysia',
  no: 'norway',
  nz: 'newzealand',
  pl: 'poland',
  qa: 'qatar',
  se: 'sweden',
  sg: 'singapore',
  tw: 'taiwan',
  uk: 'uk',
  za: 'southafrica',
};
const ALIASES: ReadonlyMap<string, string> = new Map(
  COUNTRIES.flatMap(([code, country, regions]) =>
    regions.split(',').flatMap((name) => {
      const [place = '', number = ''] = name.split(/-(?=\d)/);
      const where = place.replace('-', '');
      const canonical = `${where}${country}${number}`;
      return [code, country].map((front) => [`${front}${where}${number}`, canonical] as const);
    }),
  ),
);

/**
 * How Azure puts names together, so that a region opened yesterday is read. Abbreviations (`weu`, `am`, `ussouth`) and cities
 * mean different things to different meters and are refused.
 */
const WORD = 'north|south|east|west|central';
const WAY = `(?:${WORD})+`;
const NAMES: readonly RegExp[] = [
  `${WAY}(?:us|europe|asia|india)\\d?`,
  `(?!usgov|europe|asia|unitedkingdom)(?:southafrica|(?:(?!${WORD})[a-z]){4,})${WAY}\\d?`,
  `(?:uk|uae)${WAY}\\d?`,
  'usgov(?:virginia|texas|arizona|iowa)',
].map((shape) => new RegExp(`^${shape}(?:euap|stage|stg)?$`));

/** `East US 2`, `US East 2`, `(US) East US 2`, `eastus2` → `eastus2`. Azure's own rule: lower case without spaces. */
export function azureRegion(text: string): Reading<string> {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^\([a-z ]+\)\s*/, '');
  const plain = words.replace(/[\s_]+/g, '');
  if (/^(global|unassigned|none|all|allregions)$/.test(plain)) return read('global');
  const named = ALIASES.get(plain) ?? withCountry(words) ?? plain;
  if (NAMES.some((shape) => shape.test(named))) return read(named);
  const zone = azureZone(plain);
  if (zone.ok) return read(zone.value.region);
  return refuse(text, 'must be an Azure region such as westeurope');
}

/** `eastus-1` or `eastus2-3`: zones have no name of their own, so sources put the number behind the region. */
export function azureZone(text: string): Reading<{ readonly region: string; readonly zone: string }> {
  const [, region = '', zone = ''] =
    /^([a-z]+\d?)-(?:az)?([1-3])$/.exec(text.trim().toLowerCase().replaceAll(' ', '')) ?? [];
  return NAMES.some((shape) => shape.test(region))
    ? read({ region, zone })
    : refuse(text, 'must be a region and a zone, such as westeurope-1');
}

function withCountry(words: string): string | undefined {
  const [code = '', ...rest] = words.split(/[\s_]+/);
  const country = IN_FRONT[code];
  return country === undefined || rest.length === 0 ? undefined : `${country}${rest.join('')}`;
}
