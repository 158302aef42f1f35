import { hexOf, keyOf } from '../estate/random.ts';

interface Operation {
  readonly until: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Long-running operations: accepted at once, told later how they ended. Not kept over a restart, as old ones are not in Azure. */
export function createOperations(options: { readonly transitionMs: number; readonly clock: () => number }) {
  const all = new Map<string, Operation>();
  return {
    /** The answer to an accepted change. */
    accept(
      at: {
        readonly base: string;
        readonly subscription: string;
        readonly provider: string;
        readonly location: string;
      },
      how: { readonly error?: Operation['error']; readonly status?: 200 | 201 | 202; readonly body?: unknown } = {},
    ): Response {
      const id = `${hexOf(keyOf(all.size, 'operation'), 8)}-0000-4000-8000-${hexOf(keyOf(all.size, 'o2'), 12)}`;
      all.set(id, { until: options.clock() + options.transitionMs, error: how.error ?? null });
      const url = `${at.base}/subscriptions/${at.subscription}/providers/${at.provider}/locations/${at.location}/operations/${id}?api-version=2024-07-01`;
      const headers = { 'azure-asyncoperation': url, location: `${url}&monitor=true`, 'retry-after': '0' };
      const { status = 202, body } = how;
      return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
    },
    answer(id: string): Response {
      const operation = all.get(id);
      if (operation === undefined)
        return Response.json({ error: { code: 'NotFound', message: `No operation ${id}.` } }, { status: 404 });
      const running = options.clock() < operation.until;
      const status = running ? 'InProgress' : operation.error === null ? 'Succeeded' : 'Failed';
      return Response.json({
        name: id,
        status,
        startTime: new Date(options.clock()).toISOString(),
        ...(status === 'Failed' ? { error: operation.error } : {}),
      });
    },
  };
}
export type Operations = ReturnType<typeof createOperations>;
