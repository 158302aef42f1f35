import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cloudOf } from '../../../domain/clouds/index.ts';
import type { InstanceShape } from '../../../domain/clouds/port.ts';
import { evaluateAsset } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { buildOptions } from '../../../domain/options.ts';
import { fits } from '../../../domain/sizing.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { CloudProvider } from '../../../schemas/resource-type.ts';
import { hourly, instance, instanceFacts, NOW, RULES, seeded } from '../detection/fixtures.ts';

/** One type of each kind of family: regular, uneven, burstable, and those of the other clouds. */
const FAMILIES: readonly (readonly [CloudProvider, string])[] = [
  ...['t2.micro', 't3.micro', 't4g.micro', 'm4.large', 'm5.large', 'c4.large', 'c5.large', 'r6g.large'].map(
    (t) => ['aws', t] as const,
  ),
  ...['Standard_B2s', 'Standard_D2s_v5', 'Standard_E2s_v5', 'Standard_F2s_v2'].map((t) => ['azure', t] as const),
  ...['e2-small', 'e2-standard-2', 'n2-highmem-2', 'c2-standard-4'].map((t) => ['gcp', t] as const),
];
const TYPE = {
  aws: ['AWS::EC2::Instance', 'CPUUtilization', 'NetworkIn', 'NetworkOut'],
  azure: ['Microsoft.Compute/virtualMachines', 'Percentage CPU', 'Network In Total', 'Network Out Total'],
  gcp: [
    'compute.googleapis.com/Instance',
    'compute.googleapis.com/instance/cpu/utilization',
    'compute.googleapis.com/instance/network/received_bytes_count',
    'compute.googleapis.com/instance/network/sent_bytes_count',
  ],
} as const;

function machine(provider: CloudProvider, shape: InstanceShape, load: { cpu: number; memory: number }): AssetRecord {
  const [resourceType, cpu, netIn, netOut] = TYPE[provider];
  const memory = {
    aws: hourly('mem_used_percent', () => load.memory),
    azure: hourly('Available Memory Percentage', () => 100 - load.memory, { statistic: 'Minimum' }),
    gcp: hourly('agent.googleapis.com/memory/percent_used', () => load.memory, { statistic: 'Maximum' }),
  }[provider];
  const plain = instance();
  return {
    ...plain,
    asset: { ...plain.asset, provider, resourceType },
    facts: {
      ...instanceFacts({ instanceType: shape.instanceType, architecture: shape.architecture }),
      provider,
      resourceType,
    },
    metrics: [
      hourly(cpu, () => load.cpu, { statistic: 'Maximum' }),
      hourly(netIn, () => 1e9),
      hourly(netOut, () => 1e9),
      memory,
    ],
  };
}

function targetOf(record: AssetRecord): string | null {
  const selected = selectOpportunity(evaluateAsset(RULES, record, NOW), RULES);
  if (selected === null) return null;
  const options = buildOptions({ record, verdict: selected.verdict, environment: 'dev', rules: RULES });
  const resize = options.find((o) => o.optionId === 'resize-instance');
  assert.ok(resize !== undefined || selected.rule.kind !== 'rightsize', 'an opportunity to resize has a size to go to');
  return resize?.parameters['targetInstanceType'] ?? null;
}

describe('a smaller machine carries the load, whatever its share of the larger one', () => {
  for (const [provider, type] of FAMILIES) {
    const family = cloudOf(provider)?.familyOf(type) ?? [];
    it(`${type}: every size, over steady loads of all heights`, () => {
      assert.ok(family.length > 2, type);
      for (const from of family)
        for (const cpu of [4, 9, 12, 20, 29, 35, 39, 40])
          for (const memory of [10, 25, 39]) {
            const said = `${from.instanceType} at ${cpu} % of CPU and ${memory} % of memory`;
            const target = targetOf(machine(provider, from, { cpu, memory }));
            const to = family.find((s) => s.instanceType === target);
            if (target === null) continue;
            assert.ok(to !== undefined && to.vcpus <= from.vcpus, said);
            const cores = (cpu / 100) * from.vcpus;
            assert.ok(cores <= to.vcpus * 0.8 + 1e-9, `${said}: ${cores} of ${to.vcpus} cores of ${target}`);
            assert.ok(
              cores <= (to.vcpus * (to.baselinePercent ?? 100)) / 100,
              `${said}: above the baseline of ${target}`,
            );
            assert.ok((memory / 100) * from.memoryGiB <= to.memoryGiB, `${said}: memory of ${target}`);
          }
    });
  }
  it('at random, of every pair of a family', () => {
    const random = seeded(5);
    for (let n = 0; n < 3000; n++) {
      const [provider, type] = FAMILIES[Math.floor(random() * FAMILIES.length)] as (typeof FAMILIES)[number];
      const family = cloudOf(provider)?.familyOf(type) ?? [];
      const from = family[Math.floor(random() * family.length)] as InstanceShape;
      const to = family[Math.floor(random() * family.length)] as InstanceShape;
      const cpuP95 = random() * 60;
      const cpuP99 = cpuP95 + random() * 20;
      const load = {
        cpuP95,
        cpuP99,
        cpuMax: cpuP99 + random() * 20,
        memoryMax: random() < 0.3 ? null : random() * 100,
      };
      if (!fits({ from, to, load })) continue;
      assert.ok((cpuP99 / 100) * from.vcpus <= to.vcpus * 0.8);
      assert.ok((load.cpuMax / 100) * from.vcpus <= to.vcpus);
      assert.ok((cpuP95 / 100) * from.vcpus <= (to.vcpus * (to.baselinePercent ?? 100)) / 100);
      if (load.memoryMax !== null) assert.ok((load.memoryMax / 100) * from.memoryGiB <= to.memoryGiB);
    }
  });
});

describe('the next size', () => {
  const at = (type: string, cpu: number, memory = 20) => {
    const shape = cloudOf('aws')?.shapeOf(type);
    assert.ok(shape);
    return machine('aws', shape, { cpu, memory });
  };
  it('that is two fifths of this one is none for two fifths of load', () => {
    assert.equal(targetOf(at('m4.10xlarge', 39)), null);
    assert.equal(targetOf(at('m4.10xlarge', 31)), 'm4.4xlarge');
    const verdict = evaluateAsset(RULES, at('m4.10xlarge', 39), NOW).find((v) => v.ruleId.endsWith('over-provisioned'));
    assert.deepEqual([verdict?.verdict, verdict?.reasons], ['active', ['no-smaller-size-fits']]);
  });
  it('that earns fewer credits than are spent is none', () => {
    assert.equal(targetOf(at('t2.xlarge', 20)), null);
    assert.equal(targetOf(at('t3.xlarge', 25)), null);
    assert.equal(targetOf(at('t3.xlarge', 12)), 't3.large');
  });
  it('of a type nobody knows is not looked for', () => {
    const unknown = machine(
      'aws',
      { instanceType: 'q9.xlarge', architecture: 'x86_64', vcpus: 4, memoryGiB: 16 },
      { cpu: 12, memory: 20 },
    );
    const verdict = evaluateAsset(RULES, unknown, NOW).find((v) => v.ruleId.endsWith('over-provisioned'));
    assert.deepEqual(verdict?.reasons, ['size-unknown']);
  });
  it('reads memory in the unit it comes in', () => {
    const share = at('m5.2xlarge', 12);
    const memory = share.metrics.map((s) =>
      s.metric === 'mem_used_percent' ? { ...s, unit: 'Fraction', values: s.values.map(() => 0.9) } : s,
    );
    assert.equal(targetOf({ ...share, metrics: memory }), null);
  });
});
