import { z } from 'zod';
import { SecretRef, Url } from '../../../schemas/config-values.ts';

/** The section `cnapp.wiz`. */
export const Wiz = z.strictObject({
  tokenUrl: Url,
  apiUrl: Url,
  audience: z.string().default('wiz-api'),
  clientId: SecretRef,
  clientSecret: SecretRef,
  /** False where the tenant has no threat detections, or the service account may not read them. */
  detections: z.boolean().default(true),
  /** Threat detections of so many days belong to the posture. */
  detectionDays: z.number().int().positive().default(90),
  maxConcurrent: z.number().int().positive().default(4),
});
export type Wiz = z.infer<typeof Wiz>;
