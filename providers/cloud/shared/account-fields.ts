import { z } from 'zod';
import { Phase } from '../../../schemas/phase.ts';

/** What every account has in the configuration, whatever its cloud calls it. */
export const accountFields = {
  name: z.string(),
  regions: z.array(z.string()).min(1),
  phase: Phase.default('observe'),
  /** Narrower than `phase`, by region: a roll-out goes region by region. */
  phaseByRegion: z.record(z.string(), Phase).default({}),
};
