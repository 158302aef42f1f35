import { z } from 'zod';
import { Embeddings } from '../providers/memory/openai-embeddings/section.ts';
import { MemorySettings } from '../providers/memory/settings.ts';
import { MEMORY_VENDORS } from '../providers/memory/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

/** Guidance and past cases that assessments look at: the section `memory`. */
export const Memory = z
  .strictObject({
    /** `embedded` ranks in this process and sends nothing anywhere; `openai` asks an OpenAI-compatible embeddings endpoint as well. */
    vendor: nameOf(MEMORY_VENDORS).default('embedded'),
    ...Embeddings.shape,
    ...MemorySettings.shape,
    ...sectionsOf(MEMORY_VENDORS),
  })
  .superRefine(chosenIn('memory', MEMORY_VENDORS))
  .refine((memory) => memory.vendor !== 'openai' || memory.baseUrl !== undefined, {
    path: ['baseUrl'],
    error: 'must be given when memory.vendor is openai: where text is sent is never left to a default',
  });
export type Memory = z.infer<typeof Memory>;
