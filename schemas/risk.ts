import { z } from 'zod';

export const RiskLevel = z.enum(['low', 'medium', 'high', 'critical']);
export type RiskLevel = z.infer<typeof RiskLevel>;

/** Risk of acting on the asset, 0–100, with the reasons that made it. */
export const RiskAssessment = z.object({
  /** From the rules alone. */
  baseScore: z.number().int().min(0).max(100),
  /** After the model: never below `baseScore`. */
  score: z.number().int().min(0).max(100),
  level: RiskLevel,
  reasonCodes: z.array(z.string()),
  /** The model said "do not": no option may be approved automatically and a person is told. */
  vetoed: z.boolean(),
  questions: z.array(z.string()),
  /** The model's own words, already cleaned; quoted, never parsed. Null when dropped or absent. */
  summary: z.string().nullable(),
  assessor: z.enum(['rules', 'rules+model']),
  /** Why the model was not used, when it was not. */
  modelFailure: z.string().nullable(),
  confidence: z.number().int().min(0).max(100),
  /** Risk of leaving it running (exposure, exploitable vulnerabilities), 0–100: the reason to hurry. */
  exposureScore: z.number().int().min(0).max(100),
});
export type RiskAssessment = z.infer<typeof RiskAssessment>;
