import { z } from 'zod';

/** A reference in display mode: the label, and the sys_id only inside the link. */
export const Reference = z.union([
  z.literal('').transform(() => null),
  z
    .object({ display_value: z.string(), link: z.string() })
    .transform((r) => ({ label: r.display_value, id: idFromLink(r.link) })),
]);

/** `{value, display_value}` as the Change API and `sysparm_display_value=all` give it; numbers appear in places. */
export const Pair = z
  .object({
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    display_value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  })
  .transform((p) => ({ value: text(p.value), label: text(p.display_value) }));

/** Documented samples show `result` both as an object and as a list of one. */
export function oneResult<T extends z.ZodType>(item: T) {
  return z.object({ result: z.union([z.tuple([item]).transform(([only]) => only), item]) });
}

/** The database value of a cell in any display mode; undefined when it is not there. */
export function plainValue(cell: unknown): string | undefined {
  if (typeof cell === 'string') return cell;
  if (typeof cell !== 'object' || cell === null) return undefined;
  if ('value' in cell && typeof cell.value === 'string') return cell.value;
  if ('link' in cell && typeof cell.link === 'string') return idFromLink(cell.link) ?? undefined;
  return undefined;
}

function idFromLink(link: string): string | null {
  return /\/([0-9a-f]{32})$/.exec(link)?.[1] ?? null;
}

function text(value: string | number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** First problem of a failed parse as `field: what`, for error messages. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'answer'}: ${issue.message}` : 'answer has the wrong shape';
}
