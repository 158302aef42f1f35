import type { Environment } from '../schemas/asset.ts';
import { foldText } from './untrusted-text.ts';

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
  readonly source: 'tag' | 'cmdb' | 'none';
  /** Two sources, or two tags, said different things: the more dangerous won. */
  readonly conflict: boolean;
}

/** One word of a person as an environment; a word we do not know is `unknown`, never the nearest guess. */
export function environmentWord(text: string): Environment {
  const word = foldText(text).replace(/[\s_-]+/g, '');
  return Object.hasOwn(ALIASES, word) ? (ALIASES[word] as Environment) : 'unknown';
}

/** From tags by key list (compared folded), then the CMDB. Silence everywhere is `unknown`, which counts as production. */
export function resolveEnvironment(sources: {
  readonly tags: Readonly<Record<string, string>>;
  readonly tagKeys: readonly string[];
  readonly cmdbEnvironment: string | null;
}): ResolvedEnvironment {
  const keys = sources.tagKeys.map(foldText);
  const fromTags = Object.entries(sources.tags)
    .filter(([key]) => keys.includes(foldText(key)))
    .map(([, value]) => environmentWord(value));
  const cmdb = sources.cmdbEnvironment?.trim() ? environmentWord(sources.cmdbEnvironment) : null;
  const said = cmdb === null ? fromTags : [...fromTags, cmdb];
  if (said.length === 0) return { environment: 'unknown', source: 'none', conflict: false };
  const environment = DANGER.find((e) => said.includes(e)) ?? 'unknown';
  const source = fromTags.includes(environment) ? 'tag' : 'cmdb';
  return { environment, source, conflict: new Set(said).size > 1 };
}

/** Production, or not known not to be. */
export function isProductionLike(environment: Environment): boolean {
  return environment === 'prod' || environment === 'unknown';
}
