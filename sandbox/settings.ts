import { z } from 'zod';
import { CloudProvider } from '../schemas/resource-type.ts';
import { PART_NAMES, type PartName } from './parts.ts';

/** What the estate's process is started with; written by the stack, read by sandbox/main.ts. */
export const SandboxSettings = z.object({
  stateDir: z.string(),
  motoUrl: z.string(),
  seed: z.number().int(),
  clouds: z.array(CloudProvider).min(1),
  /** The parts to start; the others only have a port. */
  parts: z.array(z.enum(PART_NAMES as [PartName, ...PartName[]])),
  /** Names of the seeded assets to keep; left out: the whole estate. */
  assets: z.array(z.string()).optional(),
  /** With the asset whose words tests look for where they must not be. */
  canaries: z.boolean().default(false),
  /** So many like instances in one region instead of the labelled estate: for benches. */
  scale: z.object({ instances: z.number().int().positive(), idleShare: z.number().min(0).max(1) }).optional(),
  /** Fixed, so that links and configuration survive a restart. */
  ports: z.record(z.enum(PART_NAMES as [PartName, ...PartName[]]), z.number()),
  chatAppUrl: z.string(),
  secrets: z.record(z.string(), z.string()),
});
export type SandboxSettings = z.infer<typeof SandboxSettings>;
