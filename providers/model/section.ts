import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../schemas/config-values.ts';

/** An OpenAI-compatible model: fields of the section `model`. */
export const OpenAiModel = z.object({
  baseUrl: Url.default('https://api.openai.com/v1'),
  apiKey: SecretRef.optional(),
  model: z.string().default('gpt-5-mini'),
  timeout: Duration.default(30_000),
  maxOutputTokens: z.number().int().positive().default(800),
  dailyTokenBudget: z.number().int().positive().default(2_000_000),
});
export type OpenAiModel = z.infer<typeof OpenAiModel>;
