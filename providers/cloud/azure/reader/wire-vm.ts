import { z } from 'zod';
import { Instant, OptionalFlag, OptionalNumber, OptionalText, SubResource, Tags } from './parse.ts';

const Disk = z.object({
  name: OptionalText,
  diskSizeGB: OptionalNumber,
  deleteOption: OptionalText,
  managedDisk: SubResource.extend({ storageAccountType: OptionalText }).nullish(),
});

const Status = z.object({ code: OptionalText, time: Instant.nullish() });
const View = z.object({ statuses: z.array(Status).nullish() }).nullish();

/** A virtual machine as the compute client gives it; what is not read is left out. */
export const WireVm = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  etag: OptionalText,
  tags: Tags,
  zones: z.array(z.string()).nullish(),
  managedBy: OptionalText,
  identity: z
    .object({
      principalId: OptionalText,
      userAssignedIdentities: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  provisioningState: OptionalText,
  /** Told since API version 2022-03-01. */
  timeCreated: Instant.nullish(),
  hardwareProfile: z.object({ vmSize: z.string() }),
  storageProfile: z.object({
    imageReference: z
      .object({
        id: OptionalText,
        publisher: OptionalText,
        offer: OptionalText,
        sku: OptionalText,
        version: OptionalText,
        communityGalleryImageId: OptionalText,
        sharedGalleryImageId: OptionalText,
      })
      .nullish(),
    osDisk: Disk.extend({ diffDiskSettings: z.object({}).nullish() }),
    dataDisks: z.array(Disk.extend({ lun: z.number() })).nullish(),
  }),
  networkProfile: z
    .object({ networkInterfaces: z.array(SubResource.extend({ primary: OptionalFlag })).nullish() })
    .nullish(),
  additionalCapabilities: z.object({ hibernationEnabled: OptionalFlag }).nullish(),
  virtualMachineScaleSet: SubResource.nullish(),
  priority: OptionalText,
  host: SubResource.nullish(),
  hostGroup: SubResource.nullish(),
  capacityReservation: z.object({ capacityReservationGroup: SubResource.nullish() }).nullish(),
  instanceView: View,
});
export type WireVm = z.infer<typeof WireVm>;

/** A row of the list of states alone. */
export const WireVmStatus = z.object({ id: z.string(), instanceView: View });
