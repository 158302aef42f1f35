import { z } from 'zod';
import { Instant, Labels, OptionalFlag, OptionalText, OptionalWhole } from './parse.ts';

const AttachedDisk = z.object({
  boot: OptionalFlag,
  autoDelete: OptionalFlag,
  deviceName: OptionalText,
  /** `PERSISTENT`, or `SCRATCH` for a disk of the host. */
  type: OptionalText,
  source: OptionalText,
  diskSizeGb: OptionalWhole,
  architecture: OptionalText,
});

const Nic = z.object({
  network: OptionalText,
  subnetwork: OptionalText,
  networkIP: OptionalText,
  accessConfigs: z.array(z.object({ natIP: OptionalText })).nullish(),
});

/** What is read of an instance. */
export const WireInstance = z.object({
  id: OptionalText,
  name: z.string(),
  selfLink: z.string(),
  status: z.string(),
  machineType: z.string(),
  zone: z.string(),
  creationTimestamp: Instant,
  lastStopTimestamp: Instant.nullish(),
  labels: Labels,
  tags: z.object({ items: z.array(z.string()).nullish() }).nullish(),
  metadata: z.object({ items: z.array(z.object({ key: OptionalText, value: OptionalText })).nullish() }).nullish(),
  disks: z.array(AttachedDisk).nullish(),
  networkInterfaces: z.array(Nic).nullish(),
  serviceAccounts: z.array(z.object({ email: OptionalText })).nullish(),
  scheduling: z
    .object({
      preemptible: OptionalFlag,
      provisioningModel: OptionalText,
      instanceTerminationAction: OptionalText,
      nodeAffinities: z.array(z.unknown()).nullish(),
    })
    .nullish(),
  reservationAffinity: z.object({ consumeReservationType: OptionalText }).nullish(),
  guestAccelerators: z.array(z.object({ acceleratorCount: z.number().int().nonnegative().nullish() })).nullish(),
  resourcePolicies: z.array(z.string()).nullish(),
  deletionProtection: OptionalFlag,
});
export type WireInstance = z.infer<typeof WireInstance>;
export type WireAttachedDisk = z.infer<typeof AttachedDisk>;
