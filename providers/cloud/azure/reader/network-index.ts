import { z } from 'zod';
import type { AzureSession } from '../clients.ts';
import { idOf } from '../ids.ts';
import { listAll } from './list-all.ts';
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
}

/** Two lists. Throws ProviderError. */
export async function readNetworkIndex({ network }: AzureSession): Promise<NetworkIndex> {
  const [nics, ips] = await Promise.all([
    listAll(network.networkInterfaces.listAll(), 'Microsoft.Network/networkInterfaces/read'),
    listAll(network.publicIPAddresses.listAll(), 'Microsoft.Network/publicIPAddresses/read'),
  ]);
  const parsedNics = parseAzure(z.array(WireNic), nics, 'Microsoft.Network/networkInterfaces/read');
  const parsedIps = parseAzure(z.array(WireIp), ips, 'Microsoft.Network/publicIPAddresses/read');
  return {
    nics: new Map(parsedNics.map((nic) => [idOf(nic.id), nic])),
    addresses: new Map(
      parsedIps.map((ip) => [
        idOf(ip.id),
        { ipAddress: ip.ipAddress, static: ip.publicIPAllocationMethod === 'Static' },
      ]),
    ),
  };
}
