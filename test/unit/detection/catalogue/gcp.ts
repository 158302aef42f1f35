import { above, address, configured, database, disk, inUse, LONG_AGO, once, resource, vm, YESTERDAY } from './facts.ts';
import type { RuleCase } from './rule-case.ts';

const VM = 'compute.googleapis.com/Instance';
const DISK = 'compute.googleapis.com/Disk';
const SQL = 'sqladmin.googleapis.com/Instance';
const GKE = 'container.googleapis.com/Cluster';
const CPU = 'compute.googleapis.com/instance/cpu/utilization';
const RECEIVED = 'compute.googleapis.com/instance/network/received_bytes_count';
const SENT = 'compute.googleapis.com/instance/network/sent_bytes_count';
const MEMORY = 'agent.googleapis.com/memory/percent_used';
const READS = 'compute.googleapis.com/instance/disk/read_ops_count';
const WRITES = 'compute.googleapis.com/instance/disk/write_ops_count';
const CONNECTIONS = 'cloudsql.googleapis.com/database/network/connections';
const SQL_CPU = 'cloudsql.googleapis.com/database/cpu/utilization';
const VPN = 'vpn.googleapis.com/network';
const PREDICTIONS = 'aiplatform.googleapis.com/prediction/online/prediction_count';

/** Google Cloud rules, those that lead to an action first. */
export const GCP: Readonly<Record<string, RuleCase>> = {
  'gcp-vm-idle': {
    facts: vm(VM),
    series: { [CPU]: 1, [RECEIVED]: 100_000, [SENT]: 100_000 },
    busy: [
      { series: { [CPU]: 3 }, because: 'cpu-p95-above-threshold' },
      { series: { [CPU]: once(15, 1) }, because: 'cpu-peak-above-threshold' },
      { series: { [RECEIVED]: 2_000_000 }, because: 'network-above-threshold' },
      { series: { [SENT]: once(259_200_000) }, because: 'network-above-threshold' },
      inUse('facts.state', 'suspended'),
    ],
    unsure: [{ facts: { state: 'pending' }, because: 'state-not-running:pending' }],
  },
  'gcp-vm-over-provisioned': {
    facts: vm(VM),
    series: { [CPU]: 12, [MEMORY]: 28 },
    busy: [
      { series: { [CPU]: 41 }, because: 'cpu-p99-needs-this-size' },
      { series: { [CPU]: once(50, 12) }, because: 'cpu-peak-needs-this-size' },
      { series: { [MEMORY]: 41 }, because: 'memory-needs-this-size' },
    ],
  },
  'gcp-vm-stopped-long': {
    facts: vm(VM, { state: 'stopped', stoppedAt: '2026-03-01T00:00:00.000Z' }),
    busy: [inUse('facts.state', 'running')],
    unsure: [{ facts: { stoppedAt: null }, because: 'stopped-since-unknown' }],
  },
  'gcp-disk-unattached': {
    facts: disk(DISK),
    series: { [READS]: null, [WRITES]: null },
    silence: true,
    busy: [{ facts: { attachedInstanceIds: ['vm-1'] }, because: 'attached' }],
    unsure: [{ series: { [READS]: once(1) }, because: 'used-recently' }],
  },
  'gcp-address-unassociated': {
    facts: address('compute.googleapis.com/Address'),
    busy: [{ facts: { instanceId: 'vm-1' }, because: 'associated' }],
  },
  'gcp-cloud-sql-idle': {
    facts: database(SQL),
    series: { [CONNECTIONS]: 0, [SQL_CPU]: 4 },
    busy: [
      { series: { [CONNECTIONS]: (back) => (back === 700 ? 1 : 0) }, because: 'connections-seen' },
      { series: { [SQL_CPU]: 10 }, because: 'cpu-p95-above-threshold' },
      { series: { [SQL_CPU]: once(50, 4) }, because: 'cpu-peak-above-threshold' },
    ],
    unsure: [{ facts: { replicaOf: 'main' }, because: 'excluded:replica' }],
  },
  'gcp-vm-old-generation': configured(
    vm(VM, { instanceType: 'n1-standard-4' }),
    inUse('facts.instanceType', 'n2-standard-4'),
    inUse('facts.state', 'suspended'),
  ),
  'gcp-vm-very-large': configured(
    vm(VM, { instanceType: 'n2-standard-48' }),
    inUse('facts.instanceType', 'n2-standard-32'),
    inUse('facts.state', 'stopped'),
  ),
  'gcp-vm-long-running': configured(vm(VM), inUse('facts.launchTime', YESTERDAY), inUse('facts.state', 'stopped')),
  'gcp-vm-suspended': configured(vm(VM, { state: 'suspended' }), inUse('facts.state', 'running')),
  'gcp-gke-no-autoscaling': configured(
    resource(GKE, { status: 'RUNNING' }),
    inUse('status', 'STOPPING'),
    inUse('autopilot.enabled', true),
    inUse('nodePools.autoscaling.enabled', true),
  ),
  'gcp-gke-no-nodes': configured(
    resource(GKE, { status: 'RUNNING' }),
    inUse('status', 'STOPPING'),
    inUse('autopilot.enabled', true),
    inUse('currentNodeCount', 3),
  ),
  'gcp-disk-idle-io': {
    facts: disk(DISK, { state: 'in-use', attachedInstanceIds: ['vm-1'] }),
    series: { [READS]: 0, [WRITES]: 0 },
    busy: [{ series: { [WRITES]: once(1) }, because: 'volume-operations-seen' }, inUse('facts.state', 'available')],
  },
  'gcp-disk-very-large': configured(
    disk(DISK, { sizeGiB: 2000 }),
    inUse('facts.sizeGiB', 100),
    inUse('facts.state', 'error'),
  ),
  'gcp-snapshot-old': configured(
    resource('compute.googleapis.com/Snapshot', {
      status: 'READY',
      creationTimestamp: '2025-02-03T04:05:06.000-07:00',
    }),
    inUse('status', 'CREATING'),
    inUse('creationTimestamp', YESTERDAY),
    inUse('autoCreated', true),
  ),
  'gcp-image-old': configured(
    resource('compute.googleapis.com/Image', { status: 'READY', creationTimestamp: LONG_AGO }),
    inUse('status', 'PENDING'),
    inUse('creationTimestamp', YESTERDAY),
  ),
  'gcp-image-deprecated': configured(
    resource('compute.googleapis.com/Image', { 'deprecated.state': 'DEPRECATED', creationTimestamp: LONG_AGO }),
    inUse('deprecated.state', 'ACTIVE'),
    inUse('creationTimestamp', YESTERDAY),
  ),
  'gcp-bucket-no-lifecycle': configured(
    resource('storage.googleapis.com/Bucket', { storageClass: 'STANDARD', timeCreated: LONG_AGO }),
    inUse('storageClass', 'COLDLINE'),
    inUse('timeCreated', YESTERDAY),
    inUse('lifecycle.rule.count', 2),
  ),
  'gcp-bigquery-table-stale': configured(
    // BigQuery writes whole numbers and epoch milliseconds as text.
    resource('bigquery.googleapis.com/Table', {
      type: 'TABLE',
      lastModifiedTime: String(Date.parse(LONG_AGO)),
      numBytes: '5000000000',
    }),
    inUse('type', 'VIEW'),
    inUse('lastModifiedTime', String(Date.parse(YESTERDAY))),
    inUse('numBytes', '1000'),
  ),
  'gcp-forwarding-rule-unused': configured(
    resource('compute.googleapis.com/ForwardingRule', { loadBalancingScheme: 'EXTERNAL' }),
    inUse('loadBalancingScheme', 'INTERNAL_SELF_MANAGED'),
    inUse('target', 'targetHttpProxies/web'),
    inUse('backendService', 'backendServices/web'),
  ),
  'gcp-vpn-gateway-idle': {
    facts: resource('compute.googleapis.com/VpnGateway', { 'vpnInterfaces.count': 2 }),
    series: { [`${VPN}/sent_bytes_count`]: 0, [`${VPN}/received_bytes_count`]: 0 },
    busy: [
      inUse('vpnInterfaces.count', 0),
      above(`${VPN}/sent_bytes_count`, once(1)),
      above(`${VPN}/received_bytes_count`, once(1)),
    ],
  },
  'gcp-cloud-sql-low-cpu': {
    facts: database(SQL),
    series: { [SQL_CPU]: 30 },
    busy: [inUse('facts.state', 'stopped'), above(SQL_CPU, 41)],
  },
  'gcp-cloud-sql-stopped': configured(database(SQL, { state: 'stopped' }), inUse('facts.state', 'available')),
  'gcp-redis-idle': {
    facts: resource('redis.googleapis.com/Instance', { state: 'READY' }),
    series: { 'redis.googleapis.com/clients/connected': 1 },
    busy: [inUse('state', 'CREATING'), above('redis.googleapis.com/clients/connected', once(2))],
  },
  'gcp-vertex-endpoint-idle': {
    facts: resource('aiplatform.googleapis.com/Endpoint', { 'deployedModels.count': 1 }),
    series: { [PREDICTIONS]: 0 },
    busy: [inUse('deployedModels.count', 0), above(PREDICTIONS, once(1))],
  },
  'gcp-cloud-run-idle-always-on': {
    facts: resource('run.googleapis.com/Service', { 'template.scaling.minInstanceCount': 1 }),
    series: { 'run.googleapis.com/request_count': once(9) },
    busy: [inUse('template.scaling.minInstanceCount', 0), above('run.googleapis.com/request_count', once(10))],
  },
};
