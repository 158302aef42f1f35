import type { CloudProvider } from '../schemas/resource-type.ts';

/** What every account has, whatever its cloud calls it. */
interface Account {
  readonly name: string;
  readonly regions: readonly string[];
  readonly phase: 'observe' | 'approve' | 'automate';
  readonly phaseByRegion: Readonly<Record<string, 'observe' | 'approve' | 'automate'>>;
}

/** An AWS account, an Azure subscription or a Google Cloud project, as everything above the adapters sees it. */
export interface Place extends Account {
  readonly provider: CloudProvider;
  readonly accountId: string;
}

/** The sections of the configuration that name accounts. */
export interface ConfiguredClouds {
  readonly accounts: readonly (Account & { readonly accountId: string })[];
  readonly azure?: { readonly subscriptions: readonly (Account & { readonly subscriptionId: string })[] } | undefined;
  readonly gcp?: { readonly projects: readonly (Account & { readonly projectId: string })[] } | undefined;
}

/** Every account of every configured cloud. */
export function placesOf(config: ConfiguredClouds): readonly Place[] {
  return [
    ...config.accounts.map((a) => ({ ...a, provider: 'aws' as const })),
    ...(config.azure?.subscriptions ?? []).map((s) => ({
      ...s,
      provider: 'azure' as const,
      accountId: s.subscriptionId,
    })),
    ...(config.gcp?.projects ?? []).map((p) => ({ ...p, provider: 'gcp' as const, accountId: p.projectId })),
  ];
}
