import type { CnappPort } from '../../ports/cnapp.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { vendorsOf } from '../vendor.ts';
import { Lacework } from './lacework/section.ts';
import { Orca } from './orca/section.ts';
import { Prisma } from './prisma/section.ts';
import { Wiz } from './wiz/section.ts';

const { vendor } = vendorsOf<{ readonly secrets: SecretsPort }, CnappPort>();

/** Every CNAPP there is, by its name in `cnapp.vendor`. */
export const CNAPP_VENDORS = {
  wiz: vendor(Wiz, async (config, parts) => (await import('./wiz/index.ts')).createWiz({ ...parts, config })),
  prisma: vendor(Prisma, async (config, parts) =>
    (await import('./prisma/index.ts')).createPrisma({ ...parts, config }),
  ),
  orca: vendor(Orca, async (config, parts) => (await import('./orca/index.ts')).createOrca({ ...parts, config })),
  lacework: vendor(Lacework, async (config, parts) =>
    (await import('./lacework/index.ts')).createLacework({ ...parts, config }),
  ),
};
