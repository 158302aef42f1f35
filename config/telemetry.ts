import { z } from 'zod';
import { TelemetrySettings } from '../providers/telemetry/settings.ts';
import { TELEMETRY_VENDORS } from '../providers/telemetry/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

/** Where the audit trail and the outcomes are sent: the section `telemetry`. */
export const Telemetry = z
  .strictObject({
    vendor: nameOf(TELEMETRY_VENDORS).default('none'),
    ...TelemetrySettings.shape,
    ...sectionsOf(TELEMETRY_VENDORS),
  })
  .superRefine(chosenIn('telemetry', TELEMETRY_VENDORS));
export type Telemetry = z.infer<typeof Telemetry>;
