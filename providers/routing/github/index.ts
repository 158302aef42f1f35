import { request } from '@octokit/request';
import { z } from 'zod';
import type { GitHub } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { bySecret } from '../../http/auth.ts';
import { readBody } from '../../http/body.ts';
import type { HttpClient } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { inChain, jsonOf } from '../../http/failure.ts';
import { createRoutingHttp } from '../http.ts';
import type { HandoverState, HandoverStatus, RoutingPort } from '../../../ports/routing.ts';

const VENDOR = 'github';
const WORKFLOW = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}';
const Runs = z.object({
  workflow_runs: z.array(
    z.looseObject({
      display_title: z.string().nullish(),
      name: z.string().nullish(),
      status: z.string().nullish(),
      conclusion: z.string().nullish(),
      html_url: z.string().nullish(),
    }),
  ),
});

/** Runs are listed newest first; an approved change is never older than this many runs of its workflow. */
const LOOK_BACK = 100;

/**
 * GitHub Actions by workflow_dispatch. The dispatch answers without an id and has no idempotency key, so the run is found
 * again by its title, which the workflow takes from the input `handover`.
 */
export function createGitHubRouting(
  deps: HttpDeps & {
    readonly config: GitHub;
    readonly secrets: SecretsPort;
    readonly timeoutMs: number;
  },
): RoutingPort {
  const { config, secrets } = deps;
  const http = createRoutingHttp({
    ...deps,
    provider: VENDOR,
    base: config.apiUrl,
    field: 'routing.github.apiUrl',
    auth: bySecret(() => secrets.resolve(config.token)),
    headers: { 'x-github-api-version': '2022-11-28' },
    permission: `give the token Actions read and write on ${config.repository}`,
  });
  const [owner = '', repo = ''] = config.repository.split('/');
  const workflow = { owner, repo, workflow_id: config.workflow };
  /** GitHub's own client knows the routes; ours does the talking. */
  const call = async (operation: string, route: string, parameters: Record<string, unknown> = {}) => {
    const fetch = throughClient(http, operation);
    try {
      return await request(route, {
        ...workflow,
        ...parameters,
        baseUrl: config.apiUrl.replace(/\/+$/, ''),
        request: { fetch },
      });
    } catch (error) {
      throw inChain(error, (e): e is ProviderError => e instanceof ProviderError) ?? error;
    }
  };

  const find = async (handoverId: string): Promise<HandoverStatus | null> => {
    const query = { event: 'workflow_dispatch', per_page: LOOK_BACK };
    const { data } = await call('listRuns', `GET ${WORKFLOW}/runs`, query);
    const parsed = Runs.safeParse(data);
    if (!parsed.success) throw malformed('listRuns', 'workflow_runs is missing');
    const run = parsed.data.workflow_runs.find((r) => [r.display_title, r.name].some((t) => t?.includes(handoverId)));
    return run ? { state: stateOf(run.status, run.conclusion), url: run.html_url ?? null } : null;
  };

  return {
    vendor: VENDOR,
    find,
    async send(handover) {
      await call('dispatch', `POST ${WORKFLOW}/dispatches`, {
        ref: config.ref,
        // Inputs are text, 25 at the most: one of them carries all.
        inputs: { handover: handover.handoverId, payload: JSON.stringify(handover) },
      });
      // The run shows a moment later; until then it is pending, and `find` looks again.
      return (await find(handover.handoverId)) ?? { state: 'pending', url: null };
    },
    async check() {
      await call('workflow', `GET ${WORKFLOW}`);
      return `workflow ${config.workflow} of ${config.repository} can be seen`;
    },
  };
}

function throughClient(http: HttpClient, operation: string): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await http.send({
      operation,
      method: init?.method === 'POST' ? 'POST' : 'GET',
      path: String(input),
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === 'string' ? { body: jsonOf(init.body) } : {}),
    });
    // Before GitHub's client sees it: that one would take a page of a proxy for an answer in text.
    const body = readBody(answer, { provider: VENDOR, operation, field: 'routing.github.apiUrl' });
    const { status } = answer;
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: answer.headers });
  };
}

/** A status nobody has heard of is still running: the deadline decides, not a guess. */
function stateOf(status: string | null | undefined, conclusion: string | null | undefined): HandoverState {
  if (status !== 'completed') return status === 'queued' || status === 'waiting' ? 'pending' : 'running';
  if (conclusion === 'success') return 'succeeded';
  return conclusion === 'cancelled' || conclusion === 'skipped' ? 'cancelled' : 'failed';
}

function malformed(operation: string, message: string): ProviderError {
  return new ProviderError({ kind: ProviderErrorKind.Malformed, provider: VENDOR, operation, message });
}
