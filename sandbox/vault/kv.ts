import type { Hono } from 'hono';
import { z } from 'zod';
import { envelope, failure } from './envelope.ts';
import type { Guarded, KvVersion, VaultState } from './state.ts';

const Write = z.object({
  data: z.record(z.string(), z.unknown()),
  options: z.object({ cas: z.number().int().optional() }).optional(),
});

/** KV version 2 at `secret/`: read a version, write with check-and-set, soft delete. */
export function addKv({ app, state, guarded }: { app: Hono; state: VaultState; guarded: Guarded }): void {
  const PREFIX = '/v1/secret/data/';
  const pathOf = (path: string) => decodeURIComponent(path.slice(PREFIX.length));
  app.get(`${PREFIX}*`, (c) =>
    guarded(c, () => {
      const versions = state.kv.get(pathOf(c.req.path)) ?? [];
      const asked = Number(c.req.query('version') ?? 0);
      const number = asked === 0 ? versions.length : asked;
      const version = versions[number - 1];
      if (!version) return failure(c, 404);
      const gone = version.deletedAt !== null || version.destroyed;
      const data = { data: gone ? null : version.data, metadata: metadataOf(version, number) };
      // Deleted: 404 and yet a body.
      return gone
        ? c.json({ request_id: '', lease_id: '', renewable: false, lease_duration: 0, data }, 404)
        : envelope(c, { data });
    }),
  );
  app.post(`${PREFIX}*`, (c) =>
    guarded(c, async ({ now }) => {
      const body = Write.safeParse(await c.req.json().catch(() => null));
      if (!body.success) return failure(c, 400, 'no data provided');
      const path = pathOf(c.req.path);
      const versions = state.kv.get(path) ?? [];
      const cas = body.data.options?.cas;
      if (cas !== undefined && cas !== versions.length)
        return failure(c, 400, 'check-and-set parameter did not match the current version');
      const version: KvVersion = { data: body.data.data, createdAt: now, deletedAt: null, destroyed: false };
      versions.push(version);
      state.kv.set(path, versions);
      return envelope(c, { data: metadataOf(version, versions.length) });
    }),
  );
  app.delete(`${PREFIX}*`, (c) =>
    guarded(c, ({ now }) => {
      const latest = state.kv.get(pathOf(c.req.path))?.at(-1);
      if (latest) latest.deletedAt = now;
      return c.body(null, 204);
    }),
  );
}

function metadataOf(version: KvVersion, number: number): object {
  return {
    created_time: new Date(version.createdAt).toISOString(),
    custom_metadata: null,
    deletion_time: version.deletedAt === null ? '' : new Date(version.deletedAt).toISOString(),
    destroyed: version.destroyed,
    version: number,
  };
}
