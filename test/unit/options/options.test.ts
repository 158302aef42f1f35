import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { hclString, shellQuote } from '../../../domain/clouds/text.ts';
import { evaluateAsset } from '../../../domain/detection/evaluate.ts';
import { selectOpportunity } from '../../../domain/detection/select-opportunity.ts';
import { buildOptions } from '../../../domain/options.ts';
import { recommendOption } from '../../../domain/recommend.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import { Option } from '../../../schemas/option.ts';
import {
  addressFacts,
  hourly,
  instance,
  loadBalancerFacts,
  metrics,
  NOW,
  RULES,
  recordOf,
  volumeFacts,
} from '../detection/fixtures.ts';

const optionsOf = (record: AssetRecord) => {
  const selected = selectOpportunity(evaluateAsset(RULES, record, NOW), RULES);
  assert.ok(selected, 'no opportunity');
  return buildOptions({ record, verdict: selected.verdict, environment: 'dev', rules: RULES });
};
const withMemory = (percent: number) => [...metrics(), hourly('mem_used_percent', () => percent)];
const kev = {
  uid: 'f',
  class_uid: 2002 as const,
  title: 'A finding',
  severity_id: 5,
  status_id: 1,
  first_seen_time: null,
  last_seen_time: null,
  cve: { uid: 'CVE-1', known_exploited: true, is_exploit_available: true },
  isIssue: false,
};

describe('the options of an idle instance', () => {
  const options = optionsOf(instance({ metrics: withMemory(10) }));
  it('are A stop, B terminate, C downsize, by position', () => {
    assert.deepEqual(
      options.map((o) => o.label),
      ['A · Secure stop', 'B · Snapshot & terminate', 'C · Downsize'],
    );
    assert.deepEqual(
      options.map((o) => o.reversibility),
      ['reversible', 'restorable', 'reversible'],
    );
    for (const o of options) Option.parse(o);
  });
  it('carry two sizes down in the same family as the only parameter of C', () => {
    assert.deepEqual(
      options.map((o) => o.parameters),
      [{}, {}, { currentInstanceType: 'm5.2xlarge', targetInstanceType: 'm5.large' }],
    );
  });
  it('step down once only when memory is unknown or in use', () => {
    const target = (record: AssetRecord) => optionsOf(record)[2]?.parameters['targetInstanceType'];
    assert.equal(target(instance()), 'm5.xlarge');
    assert.equal(target(instance({ metrics: withMemory(40) })), 'm5.xlarge');
  });
  it('have no C for the smallest size, an unknown family, or another architecture', () => {
    const letters = (over: Parameters<typeof instance>[1]) => optionsOf(instance({}, over)).map((o) => o.label[0]);
    assert.deepEqual(letters({ instanceType: 'm5.large' }), ['A', 'B']);
    assert.deepEqual(letters({ instanceType: 'q9.2xlarge' }), ['A', 'B']);
    assert.deepEqual(letters({ architecture: 'arm64' }), ['A', 'B']);
  });
  it('have riskier B than A, and no blockers where nothing stands in the way', () => {
    const [a, b] = options;
    assert.ok((b?.riskOfActing ?? 0) > (a?.riskOfActing ?? 100));
    assert.deepEqual(
      options.flatMap((o) => o.blockers),
      [],
    );
  });
  it('warn when the public address will be lost', () => {
    const steps = optionsOf(instance({}, { publicIp: '198.51.100.1' }))[0]?.steps.join(' ');
    assert.match(steps ?? '', /public IPv4 address is given up/);
  });
});

describe('options by asset', () => {
  it('a stopped instance can only be terminated, a large one only downsized', () => {
    const stopped = instance({ metrics: [] }, { state: 'stopped', stoppedAt: '2026-01-01T00:00:00.000Z' });
    assert.deepEqual(
      optionsOf(stopped).map((o) => o.label),
      ['A · Snapshot & terminate'],
    );
    const large = instance({ metrics: [...metrics((i) => 8 + (i % 12)), hourly('mem_used_percent', () => 28)] });
    assert.deepEqual(
      optionsOf(large).map((o) => [o.label, o.parameters['targetInstanceType']]),
      [['A · Downsize', 'm5.xlarge']],
    );
  });
  it('volume, address, load balancer', () => {
    assert.deepEqual(
      optionsOf(recordOf(volumeFacts())).map((o) => o.optionId),
      ['snapshot-and-delete-volume'],
    );
    assert.deepEqual(
      optionsOf(recordOf(addressFacts())).map((o) => o.optionId),
      ['release-address'],
    );
    assert.deepEqual(
      optionsOf(recordOf(loadBalancerFacts())).map((o) => o.optionId),
      ['delete-load-balancer'],
    );
  });
});

describe('blockers', () => {
  const of = (over: Parameters<typeof instance>[1], more: Parameters<typeof instance>[0] = {}) =>
    optionsOf(instance(more, over)).map((o) => o.blockers);
  it('protection blocks what it protects from', () => {
    assert.deepEqual(of({ deletionProtection: true }), [[], ['termination_protection'], []]);
    assert.deepEqual(of({ stopProtection: true }), [['stop_protection'], ['stop_protection'], ['stop_protection']]);
  });
  it('what cannot be known blocks', () => {
    assert.deepEqual(of({ deletionProtection: null })[1], ['unknown:termination_protection']);
    assert.deepEqual(of({ rootDisk: null })[0], ['unknown:root_device_instance_store']);
  });
  it('infrastructure as code and local disks', () => {
    assert.deepEqual(of({ managedBy: 'terraform' })[0], ['managed_by_terraform']);
    assert.deepEqual(of({ localDisks: true })[0], ['instance_store_volumes']);
  });
  it('evidence of exploitation is kept: stopping may, destroying may not', () => {
    const posture = instance().posture as NonNullable<AssetRecord['posture']>;
    const exposed = { posture: { ...posture, internetExposed: true, findings: [kev] } };
    assert.deepEqual(of({}, exposed), [[], ['known_exploited_exposed'], []]);
  });
  it('and is secured first, whatever is done', () => {
    const posture = instance().posture as NonNullable<AssetRecord['posture']>;
    for (const findings of [[kev], [{ ...kev, status_id: 4 }]]) {
      const options = optionsOf(instance({ posture: { ...posture, internetExposed: true, findings } }));
      for (const { steps } of options)
        assert.equal(/evidence first/.test(steps[0] ?? ''), findings[0]?.status_id === 1);
    }
  });
  it('an unknown posture may hide it', () => {
    assert.deepEqual(of({}, { posture: null }), [[], ['unknown:known_exploited_exposed'], []]);
  });
  it('a protected load balancer', () => {
    assert.deepEqual(optionsOf(recordOf(loadBalancerFacts({ deletionProtection: true })))[0]?.blockers, [
      'deletion_protection',
    ]);
  });
});

describe('the recommendation', () => {
  it('is the least destructive that saves; of equals the one that saves more', () => {
    assert.equal(recommendOption(optionsOf(instance({ metrics: withMemory(10) })), 0), 'stop-instance');
  });
  it('skips what is blocked', () => {
    const options = optionsOf(instance({}, { stopProtection: true }));
    assert.equal(recommendOption(options, 0), null);
  });
  it('is nothing when nothing is saved, unless the asset is dangerous', () => {
    const free = optionsOf(instance({}, { instanceType: 'q9.large' }));
    assert.equal(free[0]?.monthlySaving, null);
    assert.equal(recommendOption(free, 0), null);
    assert.equal(recommendOption(free, 60), 'stop-instance');
  });
  it('never sees a smaller machine as an end of the exposure', () => {
    const options = optionsOf(instance({ metrics: withMemory(10) })).filter((o) => o.optionId !== 'stop-instance');
    assert.equal(recommendOption(options, 0), 'resize-instance');
    assert.equal(recommendOption(options, 60), 'snapshot-and-terminate-instance');
  });
});

describe('text for shells and Terraform', () => {
  const hostile = [
    `a'b`,
    '$(touch /tmp/x)',
    '`id`',
    'a b;c&d|e>f',
    '--flag',
    'a\nb',
    '"',
    '\\',
    '*',
    '',
    "';rm -rf /;'",
    '${path.module}',
    'é',
  ];
  it('a quoted word reaches a command unchanged', () => {
    for (const word of hostile)
      assert.equal(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuote(word)}`], { encoding: 'utf8' }), word);
  });
  it('the commands parse as shell, even with a hostile region', () => {
    const record = instance();
    for (const region of ['us-east-1', `x'; touch /tmp/idlewise-pwned; '`])
      for (const o of optionsOf({ ...record, asset: { ...record.asset, region } }))
        execFileSync('/bin/sh', ['-n', '-c', o.command]);
  });
  it('HCL strings keep no interpolation', () => {
    assert.equal(hclString('a"b${c}%{d}\\\n'), '"a\\"b$${c}%%{d}\\\\\\n"');
  });
  it('a stop is one pasteable command', () => {
    const [a] = optionsOf(instance());
    assert.equal(
      a?.command,
      'aws ec2 stop-instances --region us-east-1 --instance-ids i-0a1b2c3d4e5f60718 && \\\n  aws ec2 wait instance-stopped --region us-east-1 --instance-ids i-0a1b2c3d4e5f60718',
    );
    assert.match(a?.terraform ?? '', /resource "aws_ec2_instance_state" "idlewise_i_0a1b2c3d4e5f60718"/);
  });
});
