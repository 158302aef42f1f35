import { StartDBInstanceCommand, StopDBInstanceCommand } from '@aws-sdk/client-rds';
import { lookDatabase, stopDatabase as stopping } from '../../../shared/executor/actions/stop-database.ts';
import type { ActionContext } from '../context.ts';
import type { Effect } from '../effect.ts';

/** RDS starts it again by itself after seven days. */
export const stopDatabase = stopping({ stop: effect, start: effect, warnings: ['restarts_after_seven_days'] });

function effect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const starts = step === 'rollback-start';
  const input = { DBInstanceIdentifier: ctx.plan.resourceId };
  return {
    step,
    before,
    scope: {
      action: starts ? 'rds:StartDBInstance' : 'rds:StopDBInstance',
      resources: [ctx.plan.assetKey],
      role: 'reversible',
    },
    seen: async () => {
      const state = (await lookDatabase(ctx))?.state ?? 'gone';
      return (starts ? ['starting', 'available'] : ['stopping', 'stopped']).includes(state) ? { state } : null;
    },
    // RDS has no rehearsal; a refusal answers before anything has happened.
    dryRun: false,
    call: ({ rds }) =>
      starts ? rds.send(new StartDBInstanceCommand(input)) : rds.send(new StopDBInstanceCommand(input)),
  };
}
