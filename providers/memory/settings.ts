import { z } from 'zod';
import { Duration } from '../../schemas/config-values.ts';

/** What every kind of memory is told: fields of the section `memory`. */
export const MemorySettings = z.object({
  /** Most pieces of guidance, and most past cases, the model is told. */
  k: z.number().int().min(1).max(20).default(5),
  /** YAML file of guidance and security policies; the one that ships with Idlewise when left out. */
  guidanceFile: z.string().min(1).optional(),
  /** Past cases older than this are forgotten. */
  remembersFor: Duration.default(31_536_000_000),
  /** Name of an Atlas vector search index over the collection `memory`; used where the deployment has the feature. */
  atlasIndex: z.string().min(1).optional(),
});
export type MemorySettings = z.infer<typeof MemorySettings>;
