import { z } from 'zod';
import type { RejectedRow } from '../../../../ports/rows.ts';
import { readFound } from '../../shared/found-rows.ts';
import type { AzureSession } from '../clients.ts';
import { listAll, rowsById } from './list-all.ts';
import { OptionalFlag, OptionalText, parseAzure, SubResource } from './parse.ts';

const Config = z.object({
  primary: OptionalFlag,
  privateIPAddress: OptionalText,
  privateIPAllocationMethod: OptionalText,
  subnet: SubResource.partial().nullish(),
  publicIPAddress: SubResource.partial().nullish(),
  loadBalancerBackendAddressPools: z.array(SubResource.partial()).nullish(),
  applicationGatewayBackendAddressPools: z.array(SubResource.partial()).nullish(),
  loadBalancerInboundNatRules: z.array(SubResource.partial()).nullish(),
});
const WireNic = z.object({
  id: z.string(),
  virtualMachine: SubResource.partial().nullish(),
  networkSecurityGroup: SubResource.partial().nullish(),
  ipConfigurations: z.array(Config).nullish(),
});
export type WireNic = z.infer<typeof WireNic>;

const WireIp = z.object({ id: z.string(), ipAddress: OptionalText, publicIPAllocationMethod: OptionalText });

/** How the machines of a subscription are connected. */
export interface NetworkIndex {
  /** By id in lower case. */
  readonly nics: ReadonlyMap<string, WireNic>;
  readonly addresses: ReadonlyMap<string, { readonly ipAddress: string | null; readonly static: boolean }>;
  readonly rejected: readonly RejectedRow[];
}

const NICS = 'Microsoft.Network/networkInterfaces/read';
const IPS = 'Microsoft.Network/publicIPAddresses/read';

/** Two lists. Throws ProviderError. */
export async function readNetworkIndex({ network }: AzureSession): Promise<NetworkIndex> {
  const [nics, ips] = await Promise.all([
    listAll(network.networkInterfaces.listAll(), NICS),
    listAll(network.publicIPAddresses.listAll(), IPS),
  ]);
  const readNics = readFound(rowsById(nics, NICS), (node) => parseAzure(WireNic, node, NICS));
  const readIps = readFound(rowsById(ips, IPS), (node) => parseAzure(WireIp, node, IPS));
  return {
    nics: readNics.rows,
    addresses: new Map(
      [...readIps.rows].map(([id, ip]) => [
        id,
        { ipAddress: ip.ipAddress, static: ip.publicIPAllocationMethod === 'Static' },
      ]),
    ),
    rejected: [...readNics.rejected, ...readIps.rejected],
  };
}
