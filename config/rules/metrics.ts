import type { ResourceType } from '../../schemas/resource-type.ts';
import type { RuleMetric } from '../../schemas/rules.ts';

/** One series a utilisation adapter must be able to answer. */
export interface CatalogueMetric {
  readonly statistic: RuleMetric['statistic'];
  /** What one value is, as the rules read it. */
  readonly unit: 'Percent' | 'Bytes' | 'Bytes/Second' | 'Count' | 'Count/Second';
}

type Catalogue = Partial<Record<ResourceType, Readonly<Record<string, CatalogueMetric>>>>;

const percent: CatalogueMetric = { statistic: 'Maximum', unit: 'Percent' };
const peak: CatalogueMetric = { statistic: 'Maximum', unit: 'Count' };
const bytes: CatalogueMetric = { statistic: 'Sum', unit: 'Bytes' };
const count: CatalogueMetric = { statistic: 'Sum', unit: 'Count' };

/** Azure Monitor: the name in its REST API, per resource type. `Sum` is Azure's Total. */
export const AZURE_METRICS = {
  'Microsoft.Compute/virtualMachines': {
    'Percentage CPU': percent,
    'Network In Total': bytes,
    'Network Out Total': bytes,
    // What is left, not what is used.
    'Available Memory Percentage': { statistic: 'Minimum', unit: 'Percent' },
  },
  'Microsoft.Compute/virtualMachineScaleSets': {
    'Percentage CPU': percent,
    'Network In Total': bytes,
    'Network Out Total': bytes,
  },
  'Microsoft.Compute/disks': {
    'Composite Disk Read Operations/sec': { statistic: 'Average', unit: 'Count/Second' },
    'Composite Disk Write Operations/sec': { statistic: 'Average', unit: 'Count/Second' },
  },
  'Microsoft.ContainerService/managedClusters': { node_cpu_usage_percentage: percent },
  'Microsoft.DBforMySQL/flexibleServers': { active_connections: peak, cpu_percent: percent },
  'Microsoft.DBforPostgreSQL/flexibleServers': { active_connections: peak, cpu_percent: percent },
  'Microsoft.Network/applicationGateways': { TotalRequests: count },
  'Microsoft.Network/azureFirewalls': { DataProcessed: bytes },
  'Microsoft.Network/loadBalancers': { ByteCount: bytes },
  'Microsoft.Network/natGateways': { ByteCount: bytes },
  'Microsoft.Network/privateEndpoints': { PEBytesIn: bytes, PEBytesOut: bytes },
  'Microsoft.Network/virtualNetworkGateways': {
    AverageBandwidth: { statistic: 'Average', unit: 'Bytes/Second' },
    P2SBandwidth: { statistic: 'Average', unit: 'Bytes/Second' },
  },
  'Microsoft.Sql/managedInstances': { avg_cpu_percent: percent },
  'Microsoft.Sql/servers/databases': { connection_successful: count, cpu_percent: percent },
  'Microsoft.Storage/storageAccounts': { Transactions: count },
  'Microsoft.Web/serverfarms': { CpuPercentage: percent, MemoryPercentage: percent },
} as const satisfies Catalogue;

/** Cloud Monitoring: the metric type, per asset type. Utilisation is read as 0–100, although Google writes 0–1. */
export const GCP_METRICS = {
  'compute.googleapis.com/Instance': {
    'compute.googleapis.com/instance/cpu/utilization': percent,
    'compute.googleapis.com/instance/network/received_bytes_count': bytes,
    'compute.googleapis.com/instance/network/sent_bytes_count': bytes,
    'agent.googleapis.com/memory/percent_used': percent,
    'agent.googleapis.com/gpu/utilization': percent,
  },
  'compute.googleapis.com/Disk': {
    'compute.googleapis.com/instance/disk/read_ops_count': count,
    'compute.googleapis.com/instance/disk/write_ops_count': count,
  },
  'compute.googleapis.com/VpnGateway': {
    'vpn.googleapis.com/network/sent_bytes_count': bytes,
    'vpn.googleapis.com/network/received_bytes_count': bytes,
  },
  'sqladmin.googleapis.com/Instance': {
    'cloudsql.googleapis.com/database/network/connections': peak,
    'cloudsql.googleapis.com/database/cpu/utilization': percent,
  },
  'redis.googleapis.com/Instance': { 'redis.googleapis.com/clients/connected': peak },
  'aiplatform.googleapis.com/Endpoint': {
    'aiplatform.googleapis.com/prediction/online/prediction_count': count,
  },
  'run.googleapis.com/Service': { 'run.googleapis.com/request_count': count },
} as const satisfies Catalogue;
