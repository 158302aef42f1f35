import { above, configured, database, disk, inUse, LONG_AGO, once, resource, vm, YESTERDAY } from './facts.ts';
import type { RuleCase } from './rule-case.ts';

const VM = 'Microsoft.Compute/virtualMachines';
const DISK = 'Microsoft.Compute/disks';
const READS = 'Composite Disk Read Operations/sec';
const WRITES = 'Composite Disk Write Operations/sec';
const POOL = '/subscriptions/1/elasticPools/p';

/** Azure rules that are only reported. */
export const AZURE_REPORTED: Readonly<Record<string, RuleCase>> = {
  'azure-vm-old-generation': configured(
    vm(VM, { instanceType: 'Standard_DS3_v2' }),
    inUse('facts.instanceType', 'Standard_D4s_v5'),
    inUse('facts.state', 'stopped'),
  ),
  'azure-vm-very-large': configured(
    vm(VM, { instanceType: 'Standard_D32s_v5' }),
    inUse('facts.instanceType', 'Standard_D16s_v5'),
    inUse('facts.state', 'stopped'),
  ),
  'azure-vm-long-running': configured(
    vm(VM),
    inUse('facts.launchTime', YESTERDAY),
    inUse('facts.state', 'stopped-allocated'),
  ),
  'azure-vmss-empty': configured(
    resource('Microsoft.Compute/virtualMachineScaleSets', {
      'sku.capacity': 0,
      'properties.provisioningState': 'Succeeded',
    }),
    { ...inUse('properties.provisioningState', 'Updating'), because: 'in-use:provisioningState' },
    inUse('sku.capacity', 1),
  ),
  'azure-vmss-idle': {
    facts: resource('Microsoft.Compute/virtualMachineScaleSets', { 'sku.capacity': 2 }),
    series: { 'Percentage CPU': 1, 'Network In Total': 30_000, 'Network Out Total': 30_000 },
    busy: [
      inUse('sku.capacity', 0),
      above('Percentage CPU', 4),
      above('Percentage CPU', once(16, 1)),
      above('Network In Total', 300_000),
      above('Network Out Total', 300_000),
    ],
  },
  'azure-aks-idle': {
    facts: resource('Microsoft.ContainerService/managedClusters', { 'powerState.code': 'Running' }),
    series: { node_cpu_usage_percentage: 4 },
    busy: [inUse('powerState.code', 'Stopped'), above('node_cpu_usage_percentage', 6)],
  },
  'azure-aks-fixed-size': configured(
    resource('Microsoft.ContainerService/managedClusters', {
      'powerState.code': 'Running',
      'agentPoolProfiles.enableAutoScaling': false,
    }),
    inUse('powerState.code', 'Stopped'),
    inUse('agentPoolProfiles.enableAutoScaling', true),
  ),
  'azure-disk-idle-io': {
    facts: disk(DISK, { state: 'in-use', attachedInstanceIds: ['vm-1'] }),
    series: { [READS]: 0, [WRITES]: 0 },
    busy: [{ series: { [READS]: once(0.1) }, because: 'volume-operations-seen' }, inUse('facts.state', 'available')],
  },
  'azure-disk-premium-little-used': {
    facts: disk(DISK, { state: 'in-use', volumeType: 'Premium_LRS' }),
    series: { [READS]: 20, [WRITES]: 50 },
    busy: [
      inUse('facts.state', 'available'),
      inUse('facts.volumeType', 'StandardSSD_LRS'),
      above(READS, 51),
      above(WRITES, 51),
    ],
  },
  'azure-disk-very-large': configured(
    disk(DISK, { sizeGiB: 4096 }),
    inUse('facts.sizeGiB', 512),
    inUse('facts.state', 'error'),
  ),
  'azure-snapshot-old': configured(
    resource('Microsoft.Compute/snapshots', { provisioningState: 'Succeeded', timeCreated: LONG_AGO }),
    inUse('provisioningState', 'Creating'),
    inUse('timeCreated', YESTERDAY),
  ),
  'azure-snapshot-premium': configured(
    resource('Microsoft.Compute/snapshots', { 'sku.name': 'Premium_LRS' }),
    inUse('sku.name', 'Standard_LRS'),
  ),
  'azure-image-old': configured(
    resource('Microsoft.Compute/images', { provisioningState: 'Succeeded' }),
    inUse('provisioningState', 'Creating'),
    inUse('facts.createTime', YESTERDAY),
  ),
  'azure-storage-account-unused': {
    facts: resource('Microsoft.Storage/storageAccounts', { provisioningState: 'Succeeded' }),
    series: { Transactions: 4 },
    busy: [inUse('provisioningState', 'Creating'), above('Transactions', once(101))],
  },
  'azure-app-gateway-idle': {
    facts: resource('Microsoft.Network/applicationGateways', { operationalState: 'Running' }),
    series: { TotalRequests: once(9) },
    busy: [inUse('operationalState', 'Stopped'), above('TotalRequests', once(10))],
  },
  'azure-firewall-idle': {
    facts: resource('Microsoft.Network/azureFirewalls', { provisioningState: 'Succeeded' }),
    series: { DataProcessed: once(1_000_000) },
    busy: [inUse('provisioningState', 'Deleting'), above('DataProcessed', once(1_000_001))],
  },
  'azure-nat-gateway-no-subnets': configured(
    resource('Microsoft.Network/natGateways', { provisioningState: 'Succeeded' }),
    inUse('provisioningState', 'Deleting'),
    inUse('subnets.count', 1),
  ),
  'azure-nat-gateway-idle': {
    facts: resource('Microsoft.Network/natGateways', { 'properties.subnets.count': 1 }),
    series: { ByteCount: 0 },
    busy: [{ ...inUse('properties.subnets.count', 0), because: 'in-use:subnets.count' }, above('ByteCount', once(1))],
  },
  'azure-nic-orphaned': configured(
    // What is null or empty in the copy is as absent as what is not mentioned.
    resource('Microsoft.Network/networkInterfaces', { provisioningState: 'Succeeded', 'virtualMachine.id': null }),
    inUse('provisioningState', 'Deleting'),
    inUse('virtualMachine.id', '/subscriptions/1/virtualMachines/vm-1'),
    inUse('privateEndpoint.id', '/subscriptions/1/privateEndpoints/pe-1'),
    inUse('privateLinkService.id', '/subscriptions/1/privateLinkServices/pls-1'),
  ),
  'azure-private-endpoint-idle': {
    facts: resource('Microsoft.Network/privateEndpoints', { provisioningState: 'Succeeded' }),
    series: { PEBytesIn: 0, PEBytesOut: 0 },
    busy: [inUse('provisioningState', 'Failed'), above('PEBytesIn', once(1)), above('PEBytesOut', once(1))],
  },
  'azure-vpn-gateway-idle': {
    facts: resource('Microsoft.Network/virtualNetworkGateways', { gatewayType: 'Vpn' }),
    series: { AverageBandwidth: 0, P2SBandwidth: 0 },
    busy: [inUse('gatewayType', 'ExpressRoute'), above('AverageBandwidth', once(1)), above('P2SBandwidth', once(1))],
  },
  'azure-sql-mi-low-cpu': {
    facts: database('Microsoft.Sql/managedInstances'),
    series: { avg_cpu_percent: 30 },
    busy: [inUse('facts.state', 'stopped'), above('avg_cpu_percent', 41)],
  },
  'azure-sql-database-idle': {
    facts: resource('Microsoft.Sql/servers/databases', { name: 'orders', status: 'Online' }),
    series: { connection_successful: 0 },
    busy: [
      inUse('status', 'Paused'),
      inUse('name', 'master'),
      inUse('elasticPoolId', POOL),
      above('connection_successful', once(1)),
    ],
  },
  'azure-sql-database-low-cpu': {
    facts: resource('Microsoft.Sql/servers/databases', { name: 'orders', status: 'Online' }),
    series: { cpu_percent: 30 },
    busy: [inUse('status', 'Paused'), inUse('name', 'master'), inUse('elasticPoolId', POOL), above('cpu_percent', 41)],
  },
  'azure-mysql-flexible-little-used': {
    facts: resource('Microsoft.DBforMySQL/flexibleServers', { state: 'Ready' }),
    series: { active_connections: 3, cpu_percent: 4 },
    busy: [inUse('state', 'Stopped'), above('active_connections', once(10)), above('cpu_percent', 11)],
  },
  'azure-postgresql-flexible-little-used': {
    facts: resource('Microsoft.DBforPostgreSQL/flexibleServers', { state: 'Ready' }),
    series: { active_connections: 7, cpu_percent: 4 },
    busy: [inUse('state', 'Stopped'), above('active_connections', once(10)), above('cpu_percent', 11)],
  },
  'azure-app-service-plan-empty': configured(
    resource('Microsoft.Web/serverfarms', { numberOfSites: 0, 'sku.tier': 'Standard' }),
    inUse('numberOfSites', 1),
    inUse('sku.tier', 'Free'),
  ),
  'azure-app-service-plan-little-used': {
    facts: resource('Microsoft.Web/serverfarms', { numberOfSites: 2 }),
    series: { CpuPercentage: 6, MemoryPercentage: 30 },
    busy: [inUse('numberOfSites', 0), above('CpuPercentage', 11), above('MemoryPercentage', 41)],
  },
};
