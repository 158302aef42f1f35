import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';

/** Azure Cost Management: the section `cost.azure`. */
export const AzureCost = z
  .strictObject({
    /** Azure Resource Manager; null: `azure.armUrl`. */
    apiUrl: Url.nullable().default(null),
    /** An app registration with the role Cost Management Reader; null: `azure.readIdentity`, which then needs the role. */
    identity: z
      .strictObject({
        tenantId: z.string().min(1),
        authorityUrl: Url.default('https://login.microsoftonline.com'),
        clientId: SecretRef,
        clientSecret: SecretRef,
      })
      .nullable()
      .default(null),
    /** What a token is asked for; another one in national clouds. */
    scope: z
      .string()
      .regex(/^https:\/\/[^\s/]+\/\.default$/, 'must look like https://management.azure.com/.default')
      .default('https://management.azure.com/.default'),
    apiVersion: z.string().default('2025-03-01'),
    /** Dimension that names the commitment which paid: BenefitId, or ReservationId where only reservations are bought. */
    commitmentDimension: z.enum(['BenefitId', 'ReservationId']).default('BenefitId'),
    /** Longest the adapter itself waits out a 429, in all, for one account. What was read until then is kept. */
    maxWait: Duration.default(30_000),
    /** A bill that ends earlier than this before today says nothing about today. */
    staleAfter: Duration.default(259_200_000),
    /** Per HTTP request. */
    timeout: Duration.default(60_000),
  })
  .prefault({});
export type AzureCost = z.infer<typeof AzureCost>;
