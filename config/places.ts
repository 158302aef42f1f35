import type { CloudProvider } from '../schemas/resource-type.ts';
import type { Config } from './schema.ts';

/** An AWS account, an Azure subscription or a Google Cloud project, as everything above the adapters sees it. */
export interface Place {
  readonly provider: CloudProvider;
  readonly accountId: string;
  readonly name: string;
  readonly regions: readonly string[];
  readonly phase: 'observe' | 'approve' | 'automate';
  readonly phaseByRegion: Readonly<Record<string, 'observe' | 'approve' | 'automate'>>;
}

/** Every account of every configured cloud. */
export function placesOf(config: Pick<Config, 'accounts' | 'azure' | 'gcp'>): readonly Place[] {
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
