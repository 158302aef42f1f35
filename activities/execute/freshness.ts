import { hasAccelerators } from '../../domain/detection/accelerators.ts';
import type { UtilisationPort } from '../../ports/utilisation.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';

export interface FreshnessRules {
  /** How far back to look, in ms. */
  readonly spanMs: number;
  /** An instance whose CPU peaked at or above this in the span is busy. Percent. */
  readonly busyCpuPercent: number;
  /** The same for its accelerators. Percent. */
  readonly busyAcceleratorPercent: number;
  /** A load balancer with at least this many requests in the span is busy. */
  readonly busyRequests: number;
  /** The same, in bytes, where a load balancer counts only those. */
  readonly busyBytes: number;
}

const PERIOD_SECONDS = 300;

/**
 * Whether the asset came back to life since it was judged. An idle verdict is weeks old by the time a person approves;
 * this is the last look at its heartbeat. Returns reasons; `no-fresh-metrics` when there is nothing to look at.
 */
export async function signsOfLife(
  facts: CloudFacts,
  utilisation: UtilisationPort,
  question: { now: Date; rules: FreshnessRules },
): Promise<readonly string[]> {
  const looks = looksAt(facts);
  if (looks.length === 0 || !isUp(facts)) return [];
  const { now, rules } = question;
  const endMs = Math.ceil(now.getTime() / 1000 / PERIOD_SECONDS) * PERIOD_SECONDS * 1000;
  const window = {
    accountId: facts.accountId,
    region: facts.region,
    periodSeconds: PERIOD_SECONDS,
    start: new Date(endMs - Math.max(rules.spanMs, 2 * PERIOD_SECONDS * 1000)).toISOString(),
    end: new Date(endMs).toISOString(),
  };
  const answer = await utilisation.fetch(
    window,
    looks.map(({ metric, statistic }) => ({ asset: facts, metric, statistic })),
  );
  const unread = answer.incomplete.has(facts.assetKey);
  const said = looks.flatMap((look) => {
    const values = (answer.series.get(facts.assetKey) ?? [])
      .filter((s) => s.metric === look.metric)
      .flatMap((s) => s.values)
      .filter((v): v is number => v !== null);
    if (unread || values.length === 0) return look.silenceIsDoubt ? ['no-fresh-metrics'] : [];
    return reasonsOf(facts, look, { values, rules });
  });
  return [...new Set(said)];
}

function reasonsOf(
  facts: CloudFacts,
  look: Look,
  { values, rules }: { values: readonly number[]; rules: FreshnessRules },
): string[] {
  if (facts.kind === 'database') return databaseBusy(look, values, rules) ? ['busy-again:connections'] : [];
  if (look.accelerator) return Math.max(...values) >= rules.busyAcceleratorPercent ? ['busy-again:accelerator'] : [];
  if (look.statistic === 'Maximum') return Math.max(...values) >= rules.busyCpuPercent ? ['busy-again:cpu'] : [];
  const sum = values.reduce((a, b) => a + b, 0);
  if (look.metric === 'RequestCount') return sum >= rules.busyRequests ? ['busy-again:requests'] : [];
  return sum >= rules.busyBytes ? ['busy-again:traffic'] : [];
}

/** What is stopped has no heartbeat, and that is no news. */
function isUp(facts: CloudFacts): boolean {
  if (facts.kind === 'instance') return facts.state === 'running';
  return facts.kind !== 'database' || facts.state === 'available';
}

/** One connection is somebody. Where a server only tells its load, the load of an instance is the measure. */
function databaseBusy(look: Look, values: readonly number[], rules: FreshnessRules): boolean {
  return Math.max(...values) >= (look.metric.endsWith('percent') ? rules.busyCpuPercent : 1);
}

interface Look {
  readonly metric: string;
  readonly statistic: 'Maximum' | 'Sum';
  /** Load balancers publish no request metric while nobody calls: silence there is no doubt. */
  readonly silenceIsDoubt: boolean;
  readonly accelerator?: true;
}

const cpu = (metric: string): Look => ({ metric, statistic: 'Maximum', silenceIsDoubt: true });
const calls = (metric: string): Look => ({ metric, statistic: 'Sum', silenceIsDoubt: false });
const connections = (metric: string): Look => ({ metric, statistic: 'Maximum', silenceIsDoubt: true });

/** Where a heartbeat shows, by type; what is not here has none to show. */
const LOOKS: Partial<Record<CloudFacts['resourceType'], readonly Look[]>> = {
  'AWS::EC2::Instance': [cpu('CPUUtilization')],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [calls('RequestCount'), calls('ProcessedBytes')],
  'AWS::RDS::DBInstance': [connections('DatabaseConnections')],
  'Microsoft.Compute/virtualMachines': [cpu('Percentage CPU')],
  'Microsoft.Network/loadBalancers': [calls('ByteCount')],
  'Microsoft.Sql/managedInstances': [connections('avg_cpu_percent')],
  'compute.googleapis.com/Instance': [cpu('compute.googleapis.com/instance/cpu/utilization')],
  'sqladmin.googleapis.com/Instance': [connections('cloudsql.googleapis.com/database/network/connections')],
};

/** Where the accelerators of a machine show. Nobody tells for Azure: there a machine with accelerators is never called idle. */
const ACCELERATORS: Partial<Record<CloudFacts['resourceType'], Look>> = {
  'AWS::EC2::Instance': { ...cpu('nvidia_smi_utilization_gpu'), accelerator: true },
  'compute.googleapis.com/Instance': { ...cpu('agent.googleapis.com/gpu/utilization'), accelerator: true },
};

function looksAt(facts: CloudFacts): readonly Look[] {
  const plain = LOOKS[facts.resourceType] ?? [];
  const accelerators = hasAccelerators(facts, []) ? ACCELERATORS[facts.resourceType] : undefined;
  return accelerators === undefined ? plain : [...plain, accelerators];
}
