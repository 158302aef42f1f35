import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

/** An OpenAI-compatible embeddings endpoint: fields of the section `memory`. */
export const Embeddings = z.strictObject({
  baseUrl: Url.optional(),
  apiKey: SecretRef.optional(),
  model: z.string().min(1).default('text-embedding-3-small'),
  /** Length of the endpoint's vectors; an answer of another length is refused. */
  dimensions: z.number().int().min(8).max(4096).default(512),
  /** Some local servers know one length only and refuse to be asked for it. */
  requestDimensions: z.boolean().default(true),
  timeout: Duration.default(10_000),
  dailyTokenBudget: z.number().int().positive().default(1_000_000),
});
export type Embeddings = z.infer<typeof Embeddings>;
