import type { Environment } from '../schemas/asset.ts';
import type { AssetRecord } from '../schemas/detection.ts';
import { isPlain, joined, wordsOf } from './vocabulary/fold.ts';

const ALIASES: Readonly<Record<string, Environment>> = {
  prod: 'prod',
  production: 'prod',
  prd: 'prod',
  live: 'prod',
  dr: 'prod',
  staging: 'staging',
  stage: 'staging',
  stg: 'staging',
  preprod: 'staging',
  preproduction: 'staging',
  test: 'test',
  testing: 'test',
  tst: 'test',
  qa: 'test',
  uat: 'test',
  integration: 'test',
  perf: 'test',
  dev: 'dev',
  devel: 'dev',
  develop: 'dev',
  development: 'dev',
  sandbox: 'sandbox',
  sbx: 'sandbox',
  playground: 'sandbox',
};

/** Most dangerous first. Unknown comes before every environment that is known not to be production. */
const DANGER: readonly Environment[] = ['prod', 'unknown', 'staging', 'test', 'dev', 'sandbox'];

export interface ResolvedEnvironment {
  readonly environment: Environment;
  readonly source: 'tag' | 'cmdb' | 'name' | 'none';
  /** Two sources, or two tags, said different things: the more dangerous won. */
  readonly conflict: boolean;
}

/**
 * One word of a person as an environment; a word we do not know is `unknown`, never the nearest guess. A word that is not
 * what it looks like (invisible or look-alike characters) may say production, and nothing milder.
 */
export function environmentWord(text: string): Environment {
  const word = joined(text);
  const found = Object.hasOwn(ALIASES, word) ? (ALIASES[word] as Environment) : 'unknown';
  return found === 'prod' || isPlain(text.trim()) ? found : 'unknown';
}

const PRODUCTION: ReadonlySet<string> = new Set(['prod', 'production', 'prd', 'produktion', 'produktiv', 'productive']);
/** `non-prod`, `pre_prod`, `not production`: another environment, or none of our business. */
const NOT_YET: ReadonlySet<string> = new Set([
  'non',
  'not',
  'no',
  'pre',
  'un',
  'post',
  'ex',
  'former',
  'pseudo',
  'fake',
  'mock',
]);
/** Written together with something else: `paymentsprod`, `prodweb`, but not `product` or `prodigy`. */
const JOINED = /^(?:(?!.*(?:non|not|pre|un)pro?d).+(?:prod|production|prd)|(?:prod|prd)(?!uc|ig|rom|uk)\p{L}+)$/u;

/** Does a name say that it is production? Looks at its words, whatever joins them. */
export function saysProduction(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word, i) => {
    const says = PRODUCTION.has(word) || JOINED.test(word);
    return says && !NOT_YET.has(words[i - 1] ?? '');
  });
}

/**
 * From tags by key list (compared as words), then the CMDB. Silence everywhere is `unknown`, which counts as production; so
 * does a name that says production where everything else says something milder: one of the two is wrong.
 */
export function resolveEnvironment(sources: {
  readonly tags: Readonly<Record<string, string>>;
  readonly tagKeys: readonly string[];
  readonly cmdbEnvironment: string | null;
  /** What the asset and its group are called. */
  readonly names?: readonly string[];
}): ResolvedEnvironment {
  const keys = sources.tagKeys.map(joined);
  const fromTags = Object.entries(sources.tags)
    .filter(([key]) => keys.includes(joined(key)))
    .map(([key, value]) => {
      const word = environmentWord(value);
      return word === 'prod' || isPlain(key.trim()) ? word : 'unknown';
    });
  const cmdb = sources.cmdbEnvironment?.trim() ? environmentWord(sources.cmdbEnvironment) : null;
  const stated = cmdb === null ? fromTags : [...fromTags, cmdb];
  if (stated.length === 0) return { environment: 'unknown', source: 'none', conflict: false };
  // A tag that is nothing but the word speaks of the asset, whatever its key.
  const elsewhere = Object.values(sources.tags).some((value) => PRODUCTION.has(joined(value)));
  const called = elsewhere || (sources.names ?? []).some(saysProduction);
  const said = called && !stated.includes('prod') ? [...stated, 'unknown' as const] : stated;
  const environment = DANGER.find((e) => said.includes(e)) ?? 'unknown';
  const source = fromTags.includes(environment) ? 'tag' : cmdb === environment ? 'cmdb' : 'name';
  return { environment, source, conflict: new Set(said).size > 1 };
}

/** The environment of a record: its tags, its CMDB entry, and every name it goes by. */
export function environmentOf(
  { asset, facts, cmdb }: Pick<AssetRecord, 'asset' | 'facts' | 'cmdb'>,
  tagKeys: readonly string[],
): ResolvedEnvironment {
  const tags = { ...asset.tags, ...facts?.tags };
  const name = Object.entries(tags).flatMap(([key, value]) => (NAME_KEYS.has(joined(key)) ? value : []));
  const group = /\/resourcegroups\/([^/]+)/i.exec(asset.assetKey)?.[1];
  // Not the account or project: a production account holds staging, too.
  const names = [asset.name, ...name, asset.resourceId.split(/[/:]/).at(-1) ?? '', group ?? ''];
  return resolveEnvironment({ tags, tagKeys, cmdbEnvironment: cmdb?.environment ?? null, names });
}

const NAME_KEYS: ReadonlySet<string> = new Set([
  'name',
  'hostname',
  'awscloudformationstackname',
  'cluster',
  'clustername',
  'stack',
  'stackname',
]);

export function moreDangerous(a: Environment, b: Environment): Environment {
  return DANGER.find((e) => e === a || e === b) ?? 'unknown';
}

/** Production, or not known not to be. */
export function isProductionLike(environment: Environment): boolean {
  return environment === 'prod' || environment === 'unknown';
}
