import type { z } from 'zod';

type Given<S extends z.ZodType | null> = S extends z.ZodType ? z.infer<S> : undefined;

/**
 * One vendor of a port: its section of the configuration, which is light and read by every process, and how the adapter is made
 * from it. `create` imports the adapter, so that a process pays only for what it was told to use.
 */
export interface Vendor<S extends z.ZodType | null, Parts, Port, At extends string | undefined> {
  /** Null: nothing is to be said about it. */
  readonly section: S;
  /** Where the section is, from the top of the configuration. Undefined: under its port, by the vendor's name. */
  readonly at: At;
  create(config: Given<S>, parts: Parts): Promise<Port>;
}

/** What a table of vendors holds, for whoever looks through one without making anything. */
export type AnyVendor = Pick<Vendor<z.ZodType | null, never, unknown, string | undefined>, 'section' | 'at'>;
export type Vendors = Readonly<Record<string, AnyVendor>>;

/** How the vendors of one port are registered: `Parts` is what every adapter is made from besides its own section. */
export function vendorsOf<Parts, Port>() {
  return {
    vendor: <S extends z.ZodType | null>(
      section: S,
      create: Vendor<S, Parts, Port, undefined>['create'],
    ): Vendor<S, Parts, Port, undefined> => ({ section, at: undefined, create }),

    /** For a section that several ports share, or that the port's own section holds field by field. */
    vendorAt: <S extends z.ZodType>(
      at: string,
      section: S,
      create: Vendor<S, Parts, Port, string>['create'],
    ): Vendor<S, Parts, Port, string> => ({ section, at, create }),
  };
}
