import type { z } from 'zod';
import type { SecretsPort } from '../../ports/secrets.ts';
import { Lacework } from './lacework/section.ts';
import { Orca } from './orca/section.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import { Prisma } from './prisma/section.ts';
import { Wiz } from './wiz/section.ts';

/** The section of the configuration, which is light, and how the adapter is made from it, which is loaded when it is chosen. */
interface Vendor<S extends z.ZodType> {
  readonly section: S;
  create(config: z.infer<S>, parts: { readonly secrets: SecretsPort }): Promise<CnappPort>;
}

const vendor = <S extends z.ZodType>(section: S, create: Vendor<S>['create']): Vendor<S> => ({ section, create });

/** Every CNAPP there is: the name in `cnapp.vendor` is the name of its section. */
export const CNAPP_VENDORS = {
  wiz: vendor(Wiz, async (config, parts) => (await import('./wiz/index.ts')).createWiz({ config, ...parts })),
  prisma: vendor(Prisma, async (config, parts) =>
    (await import('./prisma/index.ts')).createPrisma({ config, ...parts }),
  ),
  orca: vendor(Orca, async (config, parts) => (await import('./orca/index.ts')).createOrca({ config, ...parts })),
  lacework: vendor(Lacework, async (config, parts) =>
    (await import('./lacework/index.ts')).createLacework({ config, ...parts }),
  ),
};
export type CnappVendors = typeof CNAPP_VENDORS;
