import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import { parseRow, type RowReader, readRows, textOf } from '../../../rows.ts';

export { Tags } from '../../../tags.ts';

/** SDK timestamps are Date objects; ours are ISO text. */
export const Instant = z.date().transform((d) => d.toISOString());

/** EC2 answers some absent values as empty text. */
export const OptionalText = z
  .string()
  .nullish()
  .transform((text) => text || null);

/** Parses one piece of a vendor answer. @throws RowError naming the field, what was found and the fix */
export function parseAws<S extends z.ZodType>(schema: S, value: unknown, operation: string): z.output<S> {
  return parseRow(schema, value, { provider: 'aws', operation });
}

/** Rows of one list; `id` is the field that says which row it is. */
export function readAws<S extends z.ZodType>(
  schema: S,
  nodes: readonly unknown[] | undefined,
  how: { readonly operation: string; readonly id: string; readonly assetKeyOf?: RowReader<unknown>['assetKeyOf'] },
): Readings<z.output<S>> {
  const { operation, id, assetKeyOf } = how;
  return readRows(nodes ?? [], {
    provider: 'aws',
    operation,
    read: (node) => parseAws(schema, node, operation),
    idOf: (node) => textOf(node, id),
    ...(assetKeyOf === undefined ? {} : { assetKeyOf }),
  });
}

/** The asset key of a resource id among the assets that were asked for. */
export function keysOf(assets: readonly { readonly assetKey: string; readonly resourceId: string }[]) {
  const keys = new Map(assets.map((asset) => [asset.resourceId, asset.assetKey]));
  return (id: string): string | undefined => keys.get(id);
}
