import { z } from 'zod';
import type { AnyVendor, Vendors } from '../providers/vendor.ts';

type Name<T extends Vendors> = keyof T & string;
type Own = AnyVendor & { readonly section: z.ZodType; readonly at: undefined };
/** A section that says everything by itself is always there. */
type Wrapped<S> = S extends z.ZodPrefault ? S : S extends z.ZodType ? z.ZodOptional<S> : never;
type Sections<T extends Vendors> = { [V in keyof T as T[V] extends Own ? V : never]: Wrapped<T[V]['section']> };

/** `vendor: …` of a port: one of the names in its table. */
export function nameOf<T extends Vendors>(vendors: T) {
  return z.enum(Object.keys(vendors) as [Name<T>, ...Name<T>[]]);
}

/** The sections that the vendors of a port have under that port, each by the vendor's name. */
export function sectionsOf<T extends Vendors>(vendors: T): Sections<T> {
  const own = Object.entries(vendors).flatMap(([name, { section, at }]) =>
    section === null || at !== undefined
      ? []
      : [[name, section instanceof z.ZodPrefault ? section : section.optional()] as const],
  );
  return Object.fromEntries(own) as unknown as Sections<T>;
}

/** What is chosen must have its section. `path` begins where `from` is: at the port for its own, at the top for the rest. */
export function requireSections(
  { port, vendors, from, top }: { port: string; vendors: Vendors; from: object; top: boolean },
  chosen: string | readonly string[],
  ctx: z.RefinementCtx,
): void {
  const verb = typeof chosen === 'string' ? 'is' : 'names';
  for (const name of [chosen].flat()) {
    const vendor = vendors[name];
    const path = vendor?.at ?? name;
    if (!vendor?.section || (vendor.at !== undefined) !== top) continue;
    if ((from as Readonly<Record<string, unknown>>)[path] !== undefined) continue;
    const { description } = vendor.section;
    const what = description === undefined ? '' : `: ${description}`;
    ctx.addIssue({
      code: 'custom',
      path: [path],
      message: `must be given when ${port}.vendor ${verb} ${name}${what}`,
    });
  }
}

/** Whether everything chosen under a port has its section there. */
export function chosenIn(port: string, vendors: Vendors) {
  return (section: { readonly vendor: string | readonly string[] }, ctx: z.RefinementCtx): void =>
    requireSections({ port, vendors, from: section, top: false }, section.vendor, ctx);
}
