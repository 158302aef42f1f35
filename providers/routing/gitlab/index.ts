import { z } from 'zod';
import type { GitLab } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { bySecret } from '../../http/auth.ts';
import { ofShape } from '../../http/body.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createRoutingHttp } from '../http.ts';
import type { HandoverState, HandoverStatus, RoutingPort } from '../../../ports/routing.ts';

const VENDOR = 'gitlab';
const Pipeline = z.looseObject({ id: z.number(), status: z.string(), web_url: z.string().nullish() });
const Pipelines = z.array(Pipeline);
const Variables = z.array(z.looseObject({ key: z.string(), value: z.string() }));

/** Pipelines are listed newest first; each one that may be ours costs one more request for its variables. */
const LOOK_BACK = 20;

/** GitLab CI by API-triggered pipelines; a pipeline is found again by its variable IDLEWISE_HANDOVER. */
export function createGitLabRouting(
  deps: HttpDeps & {
    readonly config: GitLab;
    readonly secrets: SecretsPort;
    readonly timeoutMs: number;
  },
): RoutingPort {
  const { config, secrets } = deps;
  const field = 'routing.gitlab.apiUrl';
  const http = createRoutingHttp({
    ...deps,
    provider: VENDOR,
    base: config.apiUrl,
    field,
    auth: bySecret(
      () => secrets.resolve(config.token),
      (token) => ({ 'private-token': token }),
    ),
    permission: `give the token the scope api on project ${config.project}`,
  });
  const project = `/projects/${encodeURIComponent(config.project)}`;
  const call = async <T>(schema: z.ZodType<T>, ask: { operation: string; path: string; body?: unknown }) =>
    ofShape(schema, await http.json({ ...ask, path: project + ask.path }), { provider: VENDOR, field, ...ask });

  return {
    vendor: VENDOR,
    async find(handoverId) {
      const query = `?source=api&order_by=id&sort=desc&per_page=${LOOK_BACK}`;
      for (const pipeline of await call(Pipelines, { operation: 'listPipelines', path: `/pipelines${query}` })) {
        const path = `/pipelines/${pipeline.id}/variables`;
        const variables = await call(Variables, { operation: 'variables', path });
        if (variables.some((v) => v.key === 'IDLEWISE_HANDOVER' && v.value === handoverId)) return statusOf(pipeline);
      }
      return null;
    },
    async send(handover) {
      const variables = [
        { key: 'IDLEWISE_HANDOVER', value: handover.handoverId },
        { key: 'IDLEWISE_PAYLOAD', value: JSON.stringify(handover) },
      ];
      const body = { ref: config.ref, variables };
      return statusOf(await call(Pipeline, { operation: 'createPipeline', path: '/pipeline', body }));
    },
    async check() {
      await call(z.looseObject({ id: z.number() }), { operation: 'project', path: '' });
      return `project ${config.project} can be seen`;
    },
  };
}

function statusOf(pipeline: z.infer<typeof Pipeline>): HandoverStatus {
  return { state: STATES[pipeline.status] ?? 'running', url: pipeline.web_url ?? null };
}

/** A manual step is a person's turn: still running. */
const STATES: Readonly<Record<string, HandoverState>> = {
  created: 'pending',
  waiting_for_resource: 'pending',
  preparing: 'pending',
  pending: 'pending',
  scheduled: 'pending',
  running: 'running',
  manual: 'running',
  success: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
  skipped: 'cancelled',
};
