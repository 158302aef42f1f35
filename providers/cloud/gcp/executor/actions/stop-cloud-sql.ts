import { lookDatabase, stopDatabase } from '../../../shared/executor/actions/stop-database.ts';
import { pathOf } from '../../ids.ts';
import { readDatabase } from '../../reader/databases.ts';
import { common, scopeOf } from '../common.ts';
import type { ActionContext, Effect } from '../context.ts';
import { drive } from '../drive.ts';

/** A Cloud SQL instance is on or off by its activation policy. Storage, backups and its address stay, and stay billed. */
export const stopCloudSql = stopDatabase({ stop: effect, start: effect, warnings: ['storage_stays_billed'] });

function effect(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const starts = step === 'rollback-start';
  const wanted = starts ? ['starting', 'available'] : ['stopping', 'stopped'];
  return {
    ...common(ctx, step, before),
    scope: scopeOf(ctx, 'cloudsql.instances.update', 'reversible', 'sql'),
    seen: async () => {
      const state = (await lookDatabase(ctx))?.state ?? 'gone';
      return wanted.includes(state) ? { state } : null;
    },
    call: async (session) => {
      // With another version of the settings somebody was here in between, and Google refuses.
      const row = await ctx.reading((reads) => readDatabase(reads, ctx.plan.assetKey));
      const settingsVersion = row?.settings.settingsVersion ?? null;
      const { projectId: project, name: instance } = pathOf(ctx.plan.assetKey);
      await drive(ctx, step, session, () =>
        session.sql.instances.patch({
          project,
          instance,
          requestBody: {
            settings: {
              activationPolicy: starts ? 'ALWAYS' : 'NEVER',
              ...(settingsVersion === null ? {} : { settingsVersion: String(settingsVersion) }),
            },
          },
        }),
      );
    },
  };
}
