import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAcceleratorUse } from '../../../domain/detection/accelerators.ts';
import { evaluateAsset, nominate } from '../../../domain/detection/evaluate.ts';
import { requiredForAll } from '../../../domain/detection/required-metrics.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { CloudProvider } from '../../../schemas/resource-type.ts';
import { hourly, instance, instanceFacts, metrics, NOW, RULES, seeded } from './fixtures.ts';

const SERIES = {
  aws: ['AWS::EC2::Instance', 'CPUUtilization', 'NetworkIn', 'NetworkOut'],
  azure: ['Microsoft.Compute/virtualMachines', 'Percentage CPU', 'Network In Total', 'Network Out Total'],
  gcp: [
    'compute.googleapis.com/Instance',
    'compute.googleapis.com/instance/cpu/utilization',
    'compute.googleapis.com/instance/network/received_bytes_count',
    'compute.googleapis.com/instance/network/sent_bytes_count',
  ],
} as const;
function quiet(
  provider: CloudProvider,
  instanceType: string,
  more: readonly MetricSeries[] = [],
  accelerators?: number,
): AssetRecord {
  const [resourceType, ...names] = SERIES[provider];
  const plain = instance();
  return {
    ...plain,
    asset: { ...plain.asset, provider, resourceType },
    facts: {
      ...instanceFacts({ instanceType, ...(accelerators !== undefined && { accelerators }) }),
      provider,
      resourceType,
    },
    metrics: [
      ...metrics().map((s, i) => ({
        ...s,
        metric: names[i] ?? '',
        statistic: i === 0 ? ('Maximum' as const) : s.statistic,
      })),
      ...more,
    ],
  };
}
const idleOf = (record: AssetRecord) =>
  evaluateAsset(RULES, record, NOW).find((v) => /-(instance|vm)-idle$/.test(v.ruleId));
const use = (value: (i: number) => number | null, over: Partial<MetricSeries> = {}): MetricSeries => ({
  ...hourly('nvidia_smi_utilization_gpu', value, { statistic: 'Maximum' }),
  ...over,
});

const ACCELERATED: readonly (readonly [CloudProvider, string])[] = [
  ...[
    'p2.xlarge',
    'p3.2xlarge',
    'p4d.24xlarge',
    'p5.48xlarge',
    'g4dn.xlarge',
    'g5.2xlarge',
    'g5g.xlarge',
    'g6.xlarge',
    'gr6.4xlarge',
    'g6f.large',
    'inf1.xlarge',
    'inf2.24xlarge',
    'trn1.2xlarge',
    'trn2.48xlarge',
    'dl1.24xlarge',
    'dl2q.24xlarge',
    'vt1.3xlarge',
    'f1.2xlarge',
    'f2.6xlarge',
  ].map((t) => ['aws', t] as const),
  ...[
    'Standard_NC6',
    'Standard_NC24ads_A100_v4',
    'Standard_ND96isr_H100_v5',
    'Standard_NV36ads_A10_v5',
    'Standard_NG8ads_V620_v1',
    'Standard_NP10s',
  ].map((t) => ['azure', t] as const),
  ...[
    'a2-highgpu-1g',
    'a3-megagpu-8g',
    'a4-highgpu-8g',
    'a4x-highgpu-4g',
    'g2-standard-4',
    'g4-standard-48',
    'ct5lp-hightpu-4t',
  ].map((t) => ['gcp', t] as const),
];
const PLAIN: readonly (readonly [CloudProvider, string])[] = [
  ...[
    'm5.2xlarge',
    't3.large',
    'c7gn.large',
    'r6g.large',
    'x2idn.16xlarge',
    'i4i.large',
    'd3.xlarge',
    'h1.2xlarge',
    'hpc7g.4xlarge',
    'z1d.large',
    'mac2.metal',
    'u7i-12tb.224xlarge',
    'im4gn.large',
    'is4gen.large',
    'a1.large',
  ].map((t) => ['aws', t] as const),
  ...['Standard_D8s_v5', 'Standard_B2s', 'Standard_L8s_v3'].map((t) => ['azure', t] as const),
  ...['n2-standard-8', 'e2-medium', 'c2-standard-4', 't2a-standard-4', 'm1-ultramem-40'].map(
    (t) => ['gcp', t] as const,
  ),
];

describe('a machine with accelerators and a quiet processor', () => {
  for (const [provider, type] of ACCELERATED) {
    it(`${type} is not judged without a word of them`, () => {
      const v = idleOf(quiet(provider, type));
      assert.deepEqual([v?.verdict, v?.reasons], ['undetermined', ['metrics-missing:accelerator']]);
    });
    it(`${type} is at work when they are, and idle when they are not`, () => {
      assert.equal(idleOf(quiet(provider, type, [use(() => 88)]))?.verdict, 'active');
      assert.equal(idleOf(quiet(provider, type, [use(() => 0)]))?.verdict, 'idle');
    });
  }
  for (const [provider, type] of PLAIN)
    it(`${type} has none`, () => assert.equal(idleOf(quiet(provider, type))?.verdict, 'idle'));
  it('attached ones count as those of the type do', () => {
    assert.equal(idleOf(quiet('gcp', 'n1-standard-8', [], 2))?.verdict, 'undetermined');
    assert.equal(idleOf(quiet('gcp', 'n1-standard-8', [], 0))?.verdict, 'idle');
  });
});

describe('the use of accelerators', () => {
  const judge = (...more: MetricSeries[]) => idleOf(quiet('aws', 'p3.2xlarge', more));
  for (const metric of [
    'nvidia_smi_utilization_gpu',
    'nvidia_smi_utilization_memory',
    'GPUUtilization',
    'gpu_utilization',
    'GPU Utilization Percentage',
    'DCGM_FI_DEV_GPU_UTIL',
    'neuroncore_utilization',
    'NeuronCoreUtilization',
    'agent.googleapis.com/gpu/utilization',
    'kubernetes.io/node/accelerator/duty_cycle',
    'tpu.googleapis.com/accelerator/tensorcore_utilization',
    'compute.googleapis.com/instance/gpu/accelerator_utilization',
  ])
    it(`is known as ${metric}, and is load on any machine`, () => {
      assert.ok(isAcceleratorUse(metric));
      assert.equal(judge(use(() => 60, { metric }))?.verdict, 'active');
      assert.equal(idleOf(quiet('aws', 'm5.large', [use(() => 60, { metric })]))?.verdict, 'active');
    });
  for (const metric of [
    'CPUUtilization',
    'mem_used_percent',
    'GPUPowerUtilization',
    'nvidia_smi_temperature_gpu',
    'nvidia_smi_clocks_current_sm',
    'NetworkIn',
  ])
    it(`is not told by ${metric}`, () => assert.equal(isAcceleratorUse(metric), false));
  const random = seeded(17);
  for (let n = 0; n < 30; n++) {
    const height = 5 + random() * 95;
    const at = Math.floor(random() * 720);
    it(`is load in one hour of a month, ${Math.round(height)} % in hour ${at}`, () =>
      assert.notEqual(judge(use((i) => (i === at ? height : 0)))?.verdict, 'idle'));
  }
  it('of one of eight is load of the machine', () => {
    const eight = Array.from({ length: 8 }, (_, k) => use(() => (k === 5 ? 91 : 0)));
    const v = judge(...eight);
    assert.deepEqual([v?.verdict, v?.reasons], ['active', ['accelerator-above-threshold']]);
    assert.equal(v?.evidence.find((e) => e.code === 'accelerator-max')?.value, 91);
  });
  it('is read in its unit: a share of one, and DCGM profiling counters, which name none', () => {
    assert.equal(judge(use(() => 0.5, { unit: 'Fraction' }))?.verdict, 'active');
    assert.equal(judge(use(() => 0.5, { metric: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE' }))?.verdict, 'active');
    assert.equal(judge(use(() => 0.5, { unit: 'Percent' }))?.verdict, 'idle');
    assert.deepEqual(judge(use(() => 0.5, { unit: 'Seconds' }))?.reasons, ['metrics-unit:nvidia_smi_utilization_gpu']);
  });
  it('with holes, in nulls or as a mean over an hour proves no idleness; a high mean proves work', () => {
    assert.equal(judge(use((i) => (i % 3 === 0 ? null : 0)))?.verdict, 'undetermined');
    assert.equal(judge(use(() => null))?.verdict, 'undetermined');
    assert.equal(judge(use(() => 1, { statistic: 'Average' }))?.verdict, 'undetermined');
    assert.equal(judge(use(() => 60, { statistic: 'Average' }))?.verdict, 'active');
  });
  it('three weeks ago leaves it undetermined', () =>
    assert.deepEqual(judge(use((i) => (i < 200 ? 90 : 0)))?.reasons, ['load-before-confidence-window']));
  it('is asked for only of machines that have them, once the daily pass found the rest quiet', () => {
    const asked = (accelerated: boolean) =>
      requiredForAll(RULES, 'confidence', {
        resourceType: 'AWS::EC2::Instance',
        assetKey: 'arn:x',
        accelerated,
      }).metrics.map((m) => m.metric);
    assert.ok(
      asked(true).includes('nvidia_smi_utilization_gpu') && !asked(false).includes('nvidia_smi_utilization_gpu'),
    );
    const week = quiet('aws', 'p3.2xlarge');
    assert.equal(nominate(RULES, week, NOW).find((v) => v.ruleId === 'aws-ec2-instance-idle')?.verdict, 'idle');
    assert.equal(selectOpportunity(evaluateAsset(RULES, week, NOW), RULES), null);
  });
});
