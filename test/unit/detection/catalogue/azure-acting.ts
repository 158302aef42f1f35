import { address, balancer, database, disk, inUse, once, vm } from './facts.ts';
import type { RuleCase } from './rule-case.ts';

const VM = 'Microsoft.Compute/virtualMachines';
const CPU = 'Percentage CPU';
const READS = 'Composite Disk Read Operations/sec';
const WRITES = 'Composite Disk Write Operations/sec';

/** Azure rules that lead to an action. */
export const AZURE_ACTING: Readonly<Record<string, RuleCase>> = {
  'azure-vm-idle': {
    facts: vm(VM),
    series: { [CPU]: 1, 'Network In Total': 30_000, 'Network Out Total': 30_000 },
    busy: [
      { series: { [CPU]: 3 }, because: 'cpu-p95-above-threshold' },
      { series: { [CPU]: once(15, 1) }, because: 'cpu-peak-above-threshold' },
      { series: { 'Network In Total': 200_000 }, because: 'network-above-threshold' },
      { series: { 'Network Out Total': once(100_000_000) }, because: 'network-above-threshold' },
      { facts: { state: 'stopped-allocated' }, because: 'not-applicable:state-stopped-allocated' },
    ],
  },
  'azure-vm-over-provisioned': {
    // 72 % is left, so 28 % is used.
    facts: vm(VM),
    series: { [CPU]: 12, 'Available Memory Percentage': 72 },
    busy: [
      { series: { [CPU]: 31 }, because: 'cpu-p99-needs-this-size' },
      { series: { [CPU]: once(50, 12) }, because: 'cpu-peak-needs-this-size' },
      { series: { 'Available Memory Percentage': 59 }, because: 'memory-needs-this-size' },
    ],
    unsure: [
      // More than everything cannot be left: the source is not to be trusted.
      { series: { 'Available Memory Percentage': 101 }, because: 'metrics-invalid:Available Memory Percentage' },
    ],
  },
  'azure-vm-stopped-allocated': {
    facts: vm(VM, { state: 'stopped-allocated', stoppedAt: null }),
    series: { [CPU]: null },
    silence: true,
    busy: [inUse('facts.state', 'running'), inUse('facts.state', 'stopped')],
    unsure: [
      { series: { [CPU]: once(1) }, because: 'used-recently' },
      { series: { [CPU]: (back) => (back > 160 ? 1 : null) }, because: 'used-recently' },
      { facts: { stoppedAt: '2026-05-20T00:00:00.000Z' }, because: 'stopped-recently' },
    ],
  },
  'azure-vm-deallocated-long': {
    facts: vm(VM, { state: 'stopped', stoppedAt: null }),
    series: { [CPU]: null },
    silence: true,
    busy: [inUse('facts.state', 'running'), inUse('facts.state', 'stopped-allocated')],
    unsure: [
      { series: { [CPU]: (back) => (back > 700 ? 1 : null) }, because: 'used-recently' },
      { facts: { stoppedAt: '2026-05-01T00:00:00.000Z' }, because: 'stopped-recently' },
    ],
  },
  'azure-disk-unattached': {
    facts: disk('Microsoft.Compute/disks'),
    series: { [READS]: null, [WRITES]: null },
    silence: true,
    busy: [{ facts: { state: 'in-use', attachedInstanceIds: ['vm-1'] }, because: 'attached' }],
    unsure: [{ series: { [WRITES]: once(0.1) }, because: 'used-recently' }],
  },
  'azure-public-ip-unassociated': {
    facts: address('Microsoft.Network/publicIPAddresses'),
    busy: [{ facts: { state: 'associated' }, because: 'associated' }],
  },
  'azure-lb-no-backends': {
    facts: balancer('Microsoft.Network/loadBalancers', { loadBalancerType: 'network' }),
    busy: [{ facts: { registeredTargets: 1 }, because: 'has-targets' }],
    unsure: [{ facts: { state: 'failed' }, because: 'state-not-active:failed' }],
  },
  'azure-lb-idle-traffic': {
    facts: balancer('Microsoft.Network/loadBalancers', { loadBalancerType: 'network', registeredTargets: 1 }),
    series: { ByteCount: once(99_999) },
    busy: [{ series: { ByteCount: once(100_000) }, because: 'traffic-above-threshold' }],
  },
  'azure-sql-mi-idle': {
    facts: database('Microsoft.Sql/managedInstances'),
    series: { avg_cpu_percent: 1 },
    busy: [
      { series: { avg_cpu_percent: 3 }, because: 'cpu-p95-above-threshold' },
      { series: { avg_cpu_percent: once(15, 1) }, because: 'cpu-peak-above-threshold' },
      { series: { avg_cpu_percent: (back) => (back % 168 === 5 ? 8 : 1) }, because: 'periodic-peak:weekly' },
      inUse('facts.state', 'stopped'),
    ],
    unsure: [
      { facts: { replicas: ['failover-1'] }, because: 'excluded:replica-source' },
      {
        series: { avg_cpu_percent: (back) => (back === 100 || back === 230 ? 8 : 1) },
        because: 'irregular-peaks',
      },
    ],
  },
};
