import type { AssetRef } from '../schemas/asset.ts';
import type { CloudProvider } from '../schemas/resource-type.ts';
import { type CloudExecutor, type CloudReader, joinDescribed } from './cloud.ts';
import { ProviderError, ProviderErrorKind } from './errors.ts';
import type { MetricAnswer, MetricRequest, MetricWindow, UtilisationPort } from './utilisation.ts';

/** One adapter per configured cloud. */
export type ByProvider<T> = Partial<Record<CloudProvider, T>>;

/** The same part of every configured cloud. */
export function partOf<A, B>(clouds: ByProvider<A>, part: (cloud: A) => B): ByProvider<B> {
  return Object.fromEntries(Object.entries(clouds).map(([provider, cloud]) => [provider, part(cloud)]));
}

/** The adapter of the asset's own cloud. Throws a terminal ProviderError when that cloud is not configured. */
function pick<T>(adapters: ByProvider<T>, provider: CloudProvider, operation: string): T {
  const found = adapters[provider];
  if (found !== undefined) return found;
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider,
    operation,
    message: `an asset of ${provider} was asked for, and ${provider} is not configured; add its section`,
  });
}

const all = <T>(adapters: ByProvider<T>): readonly T[] => Object.values(adapters);

async function checkAll(adapters: readonly { readonly vendor: string; check(): Promise<string> }[]): Promise<string> {
  return (await Promise.all(adapters.map((a) => a.check()))).join('; ');
}

/** Reads each asset from its own cloud. */
export function readerByProvider(readers: ByProvider<CloudReader>): CloudReader {
  return {
    vendor: Object.keys(readers).join('+'),
    async describe(assets) {
      const groups = Map.groupBy(assets, (a) => a.provider);
      const answers = await Promise.all(
        [...groups].map(([provider, own]) => pick(readers, provider, 'describe').describe(own)),
      );
      return joinDescribed(answers);
    },
    describeOne: (asset) => pick(readers, asset.provider, 'describeOne').describeOne(asset),
    history: (asset) => pick(readers, asset.provider, 'history').history(asset),
    check: () => checkAll(all(readers)),
  };
}

/** Reads each asset's metrics from its own cloud's monitoring. */
export function utilisationByProvider(sources: ByProvider<UtilisationPort>): UtilisationPort {
  return {
    vendor: Object.values(sources)
      .map((s) => s.vendor)
      .join('+'),
    async fetch(window: MetricWindow, requests: readonly MetricRequest[]): Promise<MetricAnswer> {
      const groups = [...Map.groupBy(requests, (r) => r.asset.provider)];
      const [only] = groups;
      if (groups.length === 1 && only) return pick(sources, only[0], 'fetch').fetch(window, only[1]);
      const answers = await Promise.all(
        groups.map(([provider, own]) => pick(sources, provider, 'fetch').fetch(window, own)),
      );
      return {
        series: new Map(answers.flatMap((a) => [...a.series])),
        incomplete: new Map(answers.flatMap((a) => [...a.incomplete])),
        requests: answers.reduce((n, a) => n + a.requests, 0),
      };
    },
    check: () => checkAll(all(sources)),
  };
}

/** Changes each asset in its own cloud, under that cloud's own identity. */
export function executorByProvider(
  executors: ByProvider<CloudExecutor>,
  providerOf: (plan: { readonly resourceType: AssetRef['resourceType'] }) => CloudProvider,
): CloudExecutor {
  const of = (plan: { readonly resourceType: AssetRef['resourceType'] }, operation: string) =>
    pick(executors, providerOf(plan), operation);
  return {
    vendor: Object.keys(executors).join('+'),
    describe: (asset) => pick(executors, asset.provider, 'describe').describe(asset),
    preflight: (plan, facts) => of(plan, 'preflight').preflight(plan, facts),
    apply: (plan, facts, log, identity) => of(plan, 'apply').apply(plan, facts, log, identity),
    complete: (plan, facts, log, identity) => of(plan, 'complete').complete(plan, facts, log, identity),
    rollback: (plan, facts, log, identity) => of(plan, 'rollback').rollback(plan, facts, log, identity),
  };
}
