import { z } from 'zod';
import type { Routing } from '../../../config/routing.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { requestJson } from '../http.ts';
import type { HandoverState, HandoverStatus, RoutingPort } from '../../../ports/routing.ts';

const VENDOR = 'github';
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
export function createGitHubRouting(deps: {
  readonly config: NonNullable<Routing['github']>;
  readonly secrets: SecretsPort;
  readonly timeoutMs: number;
}): RoutingPort {
  const { config, secrets, timeoutMs } = deps;
  const base = `${config.apiUrl.replace(/\/$/, '')}/repos/${config.repository}/actions/workflows/${encodeURIComponent(config.workflow)}`;
  const call = async (operation: string, method: 'GET' | 'POST', url: string, body?: unknown) =>
    requestJson({
      provider: VENDOR,
      operation,
      method,
      url,
      timeoutMs,
      permission: `give the token Actions read and write on ${config.repository}`,
      headers: {
        authorization: `Bearer ${await secrets.resolve(config.token)}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const find = async (handoverId: string): Promise<HandoverStatus | null> => {
    const query = new URLSearchParams({ event: 'workflow_dispatch', per_page: String(LOOK_BACK) });
    const { body } = await call('listRuns', 'GET', `${base}/runs?${query}`);
    const parsed = Runs.safeParse(body);
    if (!parsed.success) throw malformed('listRuns', 'workflow_runs is missing');
    const run = parsed.data.workflow_runs.find((r) => [r.display_title, r.name].some((t) => t?.includes(handoverId)));
    return run ? { state: stateOf(run.status, run.conclusion), url: run.html_url ?? null } : null;
  };

  return {
    vendor: VENDOR,
    find,
    async send(handover) {
      await call('dispatch', 'POST', `${base}/dispatches`, {
        ref: config.ref,
        // Inputs are text, 25 at the most: one of them carries all.
        inputs: { handover: handover.handoverId, payload: JSON.stringify(handover) },
      });
      // The run shows a moment later; until then it is pending, and `find` looks again.
      return (await find(handover.handoverId)) ?? { state: 'pending', url: null };
    },
    async check() {
      await call('workflow', 'GET', base);
      return `workflow ${config.workflow} of ${config.repository} can be seen`;
    },
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
