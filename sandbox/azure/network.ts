import type { WorldResource } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { spelled } from './spell.ts';

const NIC = 'Microsoft.Network/networkInterfaces';
const IP = 'Microsoft.Network/publicIPAddresses';
const LB = 'Microsoft.Network/loadBalancers';

const ofKind = (world: CloudWorld, accountId: string, kind: WorldResource['kind']) =>
  world.all().filter((r) => r.kind === kind && r.accountId === accountId);
const configOf = (vm: WorldResource, shout = false) =>
  `${spelled(vm.accountId, NIC, `${vm.name}-nic`, shout)}/ipConfigurations/primary`;

/** One card for each machine, with what is connected to it. */
export function nicRows(world: CloudWorld, accountId: string): Record<string, unknown>[] {
  const addresses = ofKind(world, accountId, 'address');
  const balancers = ofKind(world, accountId, 'load-balancer');
  return ofKind(world, accountId, 'instance').map((vm) => {
    const address = addresses.find((a) => a.attachedTo === vm.key);
    const ipName = address?.name ?? (vm.publicIp === null ? null : `${vm.name}-ip`);
    const pools = balancers.filter((lb) => lb.targets.includes(vm.key));
    return {
      id: spelled(accountId, NIC, `${vm.name}-nic`),
      name: `${vm.name}-nic`,
      type: NIC,
      location: vm.region,
      properties: {
        provisioningState: 'Succeeded',
        virtualMachine: { id: spelled(accountId, 'Microsoft.Compute/virtualMachines', vm.name) },
        networkSecurityGroup: { id: spelled(accountId, 'Microsoft.Network/networkSecurityGroups', 'nsg-default') },
        ipConfigurations: [
          {
            id: configOf(vm),
            name: 'primary',
            properties: {
              primary: true,
              privateIPAddress: '10.1.0.4',
              privateIPAllocationMethod: 'Dynamic',
              subnet: { id: `${spelled(accountId, 'Microsoft.Network/virtualNetworks', 'vnet-acme')}/subnets/default` },
              ...(ipName === null ? {} : { publicIPAddress: { id: spelled(accountId, IP, ipName) } }),
              ...(pools.length === 0
                ? {}
                : {
                    loadBalancerBackendAddressPools: pools.map((lb) => ({
                      id: `${spelled(accountId, LB, lb.name)}/backendAddressPools/pool`,
                    })),
                  }),
            },
          },
        ],
      },
    };
  });
}

/** Addresses of the estate, and those machines were given with their start. */
export function addressRows(world: CloudWorld, accountId: string): Record<string, unknown>[] {
  const own = ofKind(world, accountId, 'address').map((address) => {
    const vm = address.attachedTo === null ? null : world.find(address.attachedTo);
    return row({ at: address, name: address.name, ip: address.publicIp, method: 'Static', vm });
  });
  const given = ofKind(world, accountId, 'instance').flatMap((vm) => {
    const taken = world.all().some((r) => r.kind === 'address' && r.attachedTo === vm.key);
    if (vm.publicIp === null || taken) return [];
    const ip = vm.power === 'stopped' ? null : vm.publicIp;
    return [row({ at: { ...vm, tags: {} }, name: `${vm.name}-ip`, ip, method: 'Dynamic', vm })];
  });
  return [...own, ...given];
}

function row(p: {
  readonly at: Pick<WorldResource, 'accountId' | 'region' | 'tags'>;
  readonly name: string;
  readonly ip: string | null;
  readonly method: 'Static' | 'Dynamic';
  readonly vm: WorldResource | null;
}): Record<string, unknown> {
  return {
    id: spelled(p.at.accountId, IP, p.name),
    name: p.name,
    type: IP,
    location: p.at.region,
    tags: p.at.tags,
    etag: 'W/"1"',
    sku: { name: p.method === 'Static' ? 'Standard' : 'Basic', tier: 'Regional' },
    properties: {
      provisioningState: 'Succeeded',
      publicIPAddressVersion: 'IPv4',
      publicIPAllocationMethod: p.method,
      ...(p.ip === null ? {} : { ipAddress: p.ip }),
      ...(p.vm === null ? {} : { ipConfiguration: { id: configOf(p.vm, true) } }),
    },
  };
}

export function balancerRows(world: CloudWorld, accountId: string): Record<string, unknown>[] {
  return ofKind(world, accountId, 'load-balancer').map((lb) => {
    const id = spelled(accountId, LB, lb.name);
    const behind = lb.targets.flatMap((key) => world.find(key) ?? []);
    return {
      id,
      name: lb.name,
      type: LB,
      location: lb.region,
      tags: lb.tags,
      etag: 'W/"1"',
      sku: { name: 'Standard', tier: 'Regional' },
      properties: {
        provisioningState: 'Succeeded',
        frontendIPConfigurations: [
          {
            id: `${id}/frontendIPConfigurations/front`,
            name: 'front',
            properties: { publicIPAddress: { id: spelled(accountId, IP, `${lb.name}-ip`) } },
          },
        ],
        backendAddressPools: [
          {
            id: `${id}/backendAddressPools/pool`,
            name: 'pool',
            properties: { backendIPConfigurations: behind.map((vm) => ({ id: configOf(vm, true) })) },
          },
        ],
        loadBalancingRules: [
          {
            id: `${id}/loadBalancingRules/https`,
            name: 'https',
            properties: { protocol: 'Tcp', frontendPort: 443, backendPort: 443 },
          },
        ],
        inboundNatRules: [],
        probes: [
          { id: `${id}/probes/tcp`, name: 'tcp', properties: { protocol: 'Tcp', port: 443, intervalInSeconds: 15 } },
        ],
      },
    };
  });
}
