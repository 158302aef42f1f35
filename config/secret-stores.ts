import { z } from 'zod';
import { SECRET_STORES } from '../providers/secrets/vendors.ts';
import { Duration } from '../schemas/config-values.ts';
import { sectionsOf } from './vendors.ts';

/** Stores beside the environment and files: the section `secrets`. */
export const SecretStores = z.strictObject({
  /** How long a value read from a store stays in memory. */
  cacheFor: Duration.default(300_000),
  ...sectionsOf(SECRET_STORES),
});
