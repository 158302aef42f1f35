import { idOf } from './spell.ts';

interface Fault {
  readonly code: string;
  readonly message: string;
}
interface Operation {
  readonly name: string;
  readonly where: Readonly<Record<string, string>>;
  readonly targetLink: string;
  readonly until: number;
  readonly error: Fault | null;
}

/** Long-running operations: accepted at once, told later how they ended. Not kept over a restart. */
export function createOperations(options: { readonly transitionMs: number; readonly clock: () => number }) {
  const all = new Map<string, Operation>();
  const byRequest = new Map<string, string>();
  const row = (operation: Operation) => {
    const done = options.clock() >= operation.until;
    const { error } = operation;
    return {
      kind: 'compute#operation',
      id: idOf(operation.name),
      name: operation.name,
      ...operation.where,
      targetLink: operation.targetLink,
      status: done ? 'DONE' : 'RUNNING',
      progress: done ? 100 : 0,
      ...(done && error !== null ? { error: { errors: [error] }, httpErrorStatusCode: 503 } : {}),
    };
  };
  return {
    /** The answer to a request that was made before under this id. */
    repeated(requestId: string | null): Response | null {
      const known = all.get(byRequest.get(requestId ?? '') ?? '');
      return known === undefined ? null : Response.json(row(known));
    },
    accept(how: {
      readonly where: Readonly<Record<string, string>>;
      readonly targetLink: string;
      readonly requestId: string | null;
      readonly error?: Fault | null;
    }): Response {
      const name = `operation-${all.size + 1}-${idOf(how.targetLink).slice(0, 6)}`;
      const { where, targetLink, requestId, error = null } = how;
      const operation = { name, where, targetLink, error, until: options.clock() + options.transitionMs };
      all.set(name, operation);
      if (requestId !== null) byRequest.set(requestId, name);
      return Response.json(row(operation));
    },
    find(name: string): Record<string, unknown> | null {
      const known = all.get(name);
      return known === undefined ? null : row(known);
    },
  };
}
export type Operations = ReturnType<typeof createOperations>;
