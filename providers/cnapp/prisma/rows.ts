import { z } from 'zod';

/** A moment as the platform writes it: epoch milliseconds, sometimes as text, or ISO-8601. Ours is ISO text in UTC. */
export const Moment = z
  .union(
    [
      z.number().int().nonnegative(),
      z
        .string()
        .regex(/^\d{12,14}$/)
        .transform(Number),
      z.iso.datetime({ offset: true }),
    ],
    { error: 'must be epoch milliseconds or an ISO-8601 instant, or absent' },
  )
  .transform((value) => new Date(value).toISOString())
  .nullish();

/** In findings a field we cannot read becomes "unknown" and the finding stays: dropping one makes an asset look safer. */
export const LooseMoment = Moment.catch(null);
export const LooseText = z.string().nullish().catch(null);
export const LooseFlag = z.boolean().nullish().catch(null);
export const LooseList = z.array(z.unknown()).nullish().catch(null);

/** `resource` of an inventory row and of one asset. Fields we do not use are ignored. */
export const ResourceRow = z.object({
  id: z.string({ error: 'must be the cloud id' }).min(1),
  name: z.string({ error: 'must be text' }),
  rrn: z.union([z.string().min(1), z.record(z.string(), z.unknown())], {
    error: 'must be the resource name of the platform',
  }),
  assetId: z.string().nullish().catch(null),
  unifiedAssetId: z.string().nullish().catch(null),
  accountId: z.string({ error: 'must be the account id' }),
  regionId: z.string().nullish(),
  createdTs: Moment,
  insertTs: Moment,
  deleted: z.boolean({ error: 'must be true or false, or absent' }).nullish(),
  hasNetwork: LooseFlag,
  hasExternalFinding: LooseFlag,
  tags: z.unknown().optional(),
  data: z.unknown().optional(),
});
export type ResourceRow = z.infer<typeof ResourceRow>;
