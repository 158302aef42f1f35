import { z } from 'zod';
import { Duration, SecretRef, Url } from '../schemas/config-values.ts';

/** Guidance and past cases that assessments look at: the section `memory`. */
export const Memory = z
  .object({
    /** `embedded` ranks in this process and sends nothing anywhere; `openai` asks an OpenAI-compatible embeddings endpoint as well. */
    vendor: z.enum(['embedded', 'openai', 'none']).default('embedded'),
    baseUrl: Url.optional(),
    apiKey: SecretRef.optional(),
    model: z.string().min(1).default('text-embedding-3-small'),
    /** Length of the endpoint's vectors; an answer of another length is refused. */
    dimensions: z.number().int().min(8).max(4096).default(512),
    /** Some local servers know one length only and refuse to be asked for it. */
    requestDimensions: z.boolean().default(true),
    timeout: Duration.default(10_000),
    dailyTokenBudget: z.number().int().positive().default(1_000_000),
    /** Most pieces of guidance, and most past cases, the model is told. */
    k: z.number().int().min(1).max(20).default(5),
    /** YAML file of guidance and security policies; the one that ships with Idlewise when left out. */
    guidanceFile: z.string().min(1).optional(),
    /** Past cases older than this are forgotten. */
    remembersFor: Duration.default(31_536_000_000),
    /** Name of an Atlas vector search index over the collection `memory`; used where the deployment has the feature. */
    atlasIndex: z.string().min(1).optional(),
  })
  .refine((memory) => memory.vendor !== 'openai' || memory.baseUrl !== undefined, {
    path: ['baseUrl'],
    error: 'must be given when memory.vendor is openai: where text is sent is never left to a default',
  });
export type Memory = z.infer<typeof Memory>;
