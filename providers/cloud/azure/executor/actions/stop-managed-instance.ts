import { lookDatabase, stopDatabase } from '../../../shared/executor/actions/stop-database.ts';
import type { ActionContext, Effect } from '../context.ts';
import { drive } from '../drive.ts';
import { placeOf } from '../place.ts';
import { common, every, scopeOf } from '../vm-steps.ts';

/** A SQL managed instance. Storage and backups stay, and stay billed; nothing starts it again by itself. */
export const stopManagedInstance = stopDatabase({ stop: effect, start: effect, warnings: ['storage_stays_billed'] });

function effect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const starts = step === 'rollback-start';
  return {
    ...common(ctx, step, before),
    scope: scopeOf(ctx, `Microsoft.Sql/managedInstances/${starts ? 'start' : 'stop'}/action`, 'reversible'),
    seen: async () => {
      const state = (await lookDatabase(ctx))?.state ?? 'gone';
      return (starts ? ['starting', 'available'] : ['stopping', 'stopped']).includes(state) ? { state } : null;
    },
    call: ({ sql }) =>
      drive(ctx, step, () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        const { managedInstances } = sql;
        return starts
          ? managedInstances.beginStart(resourceGroup, name, every(ctx))
          : managedInstances.beginStop(resourceGroup, name, every(ctx));
      }),
  };
}
