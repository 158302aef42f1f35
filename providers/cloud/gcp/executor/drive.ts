import { z } from 'zod';
import type { RunContext } from '../../shared/executor/context.ts';
import { isTransient } from '../../shared/executor/failure.ts';
import type { GcpSession } from '../clients.ts';
import { mapGoogleError, OperationFailed } from '../errors.ts';
import { lastPart, pathOf } from '../ids.ts';
import { OptionalText, parseGoogle } from '../reader/parse.ts';

const Fault = z.object({ code: OptionalText, message: OptionalText });
const Operation = z.object({
  name: z.string(),
  status: z.string(),
  zone: OptionalText,
  region: OptionalText,
  error: z.object({ errors: z.array(Fault).nullish() }).nullish(),
});
type Operation = z.infer<typeof Operation>;
type Answer = Promise<{ readonly data: unknown }>;

/**
 * Starts a change and follows its operation to the end, because Google says only there that it could not be made. Gives up
 * following when the time for transitions is over or somebody wants us to stop: the change was accepted, and looking tells the rest.
 * @throws OperationFailed with Google's code
 */
export async function drive(ctx: RunContext, step: string, session: GcpSession, begin: () => Answer): Promise<void> {
  const end = ctx.now() + ctx.waits.transitionTimeoutMs;
  let operation = parseGoogle(Operation, (await begin()).data, step);
  while (operation.status !== 'DONE' && ctx.now() < end && alive(ctx, step)) {
    await ctx.sleep(ctx.waits.pollMs);
    try {
      operation = parseGoogle(Operation, (await look(ctx, session, operation)).data, step);
    } catch (error) {
      const mapped = mapGoogleError(error, step);
      // It was accepted; what cannot be followed is looked at.
      if (mapped.kind === 'not-found' || mapped.kind === 'unauthorised') return;
      if (!isTransient(mapped)) throw error;
    }
  }
  const [fault] = operation.error?.errors ?? [];
  if (fault !== undefined)
    throw new OperationFailed(fault.code ?? 'OPERATION_FAILED', fault.message ?? 'Google gave no reason');
}

/** Where an operation is asked for depends on where its resource is. */
function look(ctx: RunContext, session: GcpSession, { name, zone, region }: Operation): Answer {
  const { projectId: project, service } = pathOf(ctx.plan.assetKey);
  if (service === 'cloudsql.googleapis.com') return session.sql.operations.get({ project, operation: name });
  const { compute } = session;
  if (zone !== null) return compute.zoneOperations.get({ project, zone: lastPart(zone), operation: name });
  if (region !== null) return compute.regionOperations.get({ project, region: lastPart(region), operation: name });
  return compute.globalOperations.get({ project, operation: name });
}

/** A heartbeat that throws must not look like a failed call. */
function alive(ctx: RunContext, step: string): boolean {
  try {
    ctx.log.heartbeat(step);
    return true;
  } catch {
    return false;
  }
}
