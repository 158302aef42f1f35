import type { RoutingPort } from '../../ports/routing.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { CacheStore } from '../../ports/store.ts';
import { vendorsOf } from '../vendor.ts';
import { GitHub } from './github/section.ts';
import { GitLab } from './gitlab/section.ts';
import { Webhook } from './webhook/section.ts';

export interface RoutingParts {
  readonly secrets: SecretsPort;
  readonly cache: CacheStore;
  /** Longest a single call may take. */
  readonly timeoutMs: number;
}

const { vendor } = vendorsOf<RoutingParts, RoutingPort | null>();

/** Every pipeline there is, by its name in `routing.vendor`. Null: nothing is routed. */
export const ROUTING_VENDORS = {
  none: vendor(null, async () => null),
  github: vendor(GitHub, async (config, { secrets, timeoutMs }) =>
    (await import('./github/index.ts')).createGitHubRouting({ config, secrets, timeoutMs }),
  ),
  gitlab: vendor(GitLab, async (config, { secrets, timeoutMs }) =>
    (await import('./gitlab/index.ts')).createGitLabRouting({ config, secrets, timeoutMs }),
  ),
  webhook: vendor(Webhook, async (config, parts) =>
    (await import('./webhook/index.ts')).createWebhookRouting({ ...parts, config }),
  ),
};
