import { z } from 'zod';

/** ISO-8601 instant in UTC with a trailing `Z`, the only time format at our boundaries. */
export const IsoInstant = z.iso.datetime({ error: 'must be an ISO-8601 UTC instant such as 2026-01-31T09:00:00Z' });
export type IsoInstant = z.infer<typeof IsoInstant>;

/** `YYYY-MM-DD`. */
export const IsoDate = z.iso.date({ error: 'must be a date such as 2026-01-31' });
export type IsoDate = z.infer<typeof IsoDate>;
