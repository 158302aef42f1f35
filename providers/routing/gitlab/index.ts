import { z } from 'zod';
import type { Routing } from '../../../config/routing.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { requestJson } from '../http.ts';
import type { HandoverState, HandoverStatus, RoutingPort } from '../../../ports/routing.ts';

const VENDOR = 'gitlab';
const Pipeline = z.looseObject({ id: z.number(), status: z.string(), web_url: z.string().nullish() });
const Pipelines = z.array(Pipeline);
const Variables = z.array(z.looseObject({ key: z.string(), value: z.string() }));

/** Pipelines are listed newest first; each one that may be ours costs one more request for its variables. */
const LOOK_BACK = 20;

/** GitLab CI by API-triggered pipelines; a pipeline is found again by its variable IDLEWISE_HANDOVER. */
export function createGitLabRouting(deps: {
  readonly config: NonNullable<Routing['gitlab']>;
  readonly secrets: SecretsPort;
  readonly timeoutMs: number;
}): RoutingPort {
  const { config, secrets, timeoutMs } = deps;
  const base = `${config.apiUrl.replace(/\/$/, '')}/projects/${encodeURIComponent(config.project)}`;
  const call = async <S extends z.ZodType>(schema: S, ask: { operation: string; path: string; body?: unknown }) => {
    const { body } = await requestJson({
      provider: VENDOR,
      operation: ask.operation,
      method: ask.body === undefined ? 'GET' : 'POST',
      url: `${base}${ask.path}`,
      timeoutMs,
      permission: `give the token the scope api on project ${config.project}`,
      headers: {
        'private-token': await secrets.resolve(config.token),
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    });
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data as z.infer<S>;
    const issue = parsed.error.issues[0];
    throw new ProviderError({
      kind: ProviderErrorKind.Malformed,
      provider: VENDOR,
      operation: ask.operation,
      message: `field ${issue?.path.join('.') || '(root)'}: ${issue?.message}`,
    });
  };

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
