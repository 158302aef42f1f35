import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../schemas/config-values.ts';

/** An OpenAI-compatible model: fields of the section `model`. */
export const OpenAiModel = z.strictObject({
  baseUrl: Url.default('https://api.openai.com/v1'),
  apiKey: SecretRef.optional(),
  model: z.string().default('gpt-5-mini'),
  timeout: Duration.default(60_000),
  /** What a reasoning model thinks counts as well: with a few hundred tokens its answer is often cut off. */
  maxOutputTokens: z.number().int().positive().default(4_000),
  /** Null: not sent. A server that refuses the parameter by name is asked without it from then on. */
  reasoningEffort: z.enum(['minimal', 'low', 'medium', 'high']).nullable().default('low'),
  dailyTokenBudget: z.number().int().positive().default(2_000_000),
});
export type OpenAiModel = z.infer<typeof OpenAiModel>;
