import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  loadCatalogue,
  loadRules,
  parseRules,
  RulesError,
  type RulesProblem,
  readRules,
} from '../../../config/load-rules.ts';
import { withDenyTags } from '../../../domain/detection/exclusions.ts';

const FILES = await readRules();

/** The shipped files with one of them edited; the edit must change something. */
function edited(file: string, from: string, to: string) {
  return FILES.map((f) => {
    if (f.file !== file) return f;
    assert.ok(f.text.includes(from), `${file} has no ${from}`);
    return { file, text: f.text.replace(from, to) };
  });
}

function broken(file: string, from: string, to: string): RulesProblem {
  try {
    parseRules(edited(file, from, to));
  } catch (error) {
    assert.ok(error instanceof RulesError);
    // One mistake is one problem, or the two sides of one.
    assert.ok(error.problems.length <= 2, error.message);
    return error.problems[0] as RulesProblem;
  }
  return assert.fail('was accepted');
}

describe('the rules that ship', () => {
  it('each have a source, and a digest of their content in the version', async () => {
    const { rules, digest, version } = await loadRules();
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.match(version, /^\d{4}-\d{2}-\d{2}$/);
    for (const rule of rules) {
      assert.ok(rule.source.length > 10, rule.id);
      assert.match(rule.version, /^\d+\+[0-9a-f]{8}$/);
    }
  });

  it('change their versions on purpose only: verdicts and audit trails name them', async () => {
    const { rules } = await loadRules();
    const versions = Object.fromEntries(rules.map((r) => [r.id, r.version]));
    const first = {
      'aws-ec2-instance-idle': '2+4878130e',
      'aws-ec2-instance-over-provisioned': '2+3c11aad4',
      'aws-ec2-instance-stopped-long': '1+ff38bea0',
      'aws-ebs-volume-unattached': '2+515ec37f',
      'aws-ebs-volume-idle-io': '1+a814d3c1',
      'aws-eip-unassociated': '1+bd02d80b',
      'aws-elbv2-no-targets': '1+51fd690c',
      'aws-elbv2-idle-traffic': '2+c141fc01',
    };
    for (const [id, version] of Object.entries(first)) assert.equal(versions[id], version, id);
  });

  it('share one set of exclusions, with the tags of the organisation as well', async () => {
    const { rules } = await loadRules();
    assert.equal(new Set(rules.map((r) => r.exclusions)).size, 1);
    assert.equal(new Set(withDenyTags(rules, ['keep-me']).map((r) => r.exclusions)).size, 1);
  });

  it('give a rule another version when a threshold changes, and only that rule', () => {
    const before = parseRules(FILES).rules;
    const after = parseRules(edited('aws.yaml', 'cpuMaxPercent: 15', 'cpuMaxPercent: 14')).rules;
    const changed = before.filter((r, i) => r.version !== after[i]?.version).map((r) => r.id);
    assert.deepEqual(changed, ['aws-ec2-instance-idle']);
  });
});

describe('a rules file that cannot be used', () => {
  it('names file, path, what was found and the fix', () => {
    assert.deepEqual(broken('aws.yaml', 'cpuP95Percent: 3', 'cpuP95Percent: "three"'), {
      file: 'aws.yaml',
      path: 'rules.0.thresholds.cpuP95Percent',
      found: '"three"',
      fix: 'Invalid input: expected number, received string',
    });
    const shared = broken(
      'shared.yaml',
      'nominationDays: 7, confidenceDays: 14',
      'nominationDays: 20, confidenceDays: 14',
    );
    assert.equal(`${shared.file} ${shared.path}`, 'shared.yaml windows.fortnight');
    assert.match(shared.fix, /must grow/);
    const unknown = broken('azure.yaml', 'windows: month', 'windows: moon');
    assert.match(unknown.path, /^rules\.\d+\.windows$/);
    assert.equal(unknown.found, '"moon"');
    assert.match(unknown.fix, /fortnight, month, day, nine-weeks/);
  });

  for (const [what, file, from, to, path, fix] of [
    ['a check that is none', 'gcp.yaml', 'check: volume-idle-io', 'check: volume-busy', /\.check$/, /./],
    ['an id used twice', 'aws.yaml', 'id: aws-eip-unassociated', 'id: aws-ec2-instance-idle', /\.id$/, /used twice/],
    ['an id of another cloud', 'gcp.yaml', 'id: gcp-vm-idle', 'id: azure-vm-idle-2', /\.id$/, /start with gcp-/],
    [
      'a type of another cloud',
      'gcp.yaml',
      'resourceType: compute.googleapis.com/Address',
      'resourceType: AWS::EC2::EIP',
      /\.resourceType$/,
      /type of gcp/,
    ],
    [
      'a check for another kind',
      'azure.yaml',
      'resourceType: Microsoft.Network/publicIPAddresses',
      'resourceType: Microsoft.Compute/disks',
      /\.check$/,
      /judges a address/,
    ],
    [
      'an action on what is only reported',
      'aws.yaml',
      'thresholds: { maxOperations: 0 }\n    options: []',
      'thresholds: { maxOperations: 0 }\n    options: [snapshot-and-delete-volume]',
      /\.options$/,
      /leads to no action/,
    ],
    [
      'an action that leads to none',
      'aws.yaml',
      'options: [release-address]',
      'options: []',
      /\.options$/,
      /at least one/,
    ],
    [
      'a reported type that may be acted on',
      'gcp.yaml',
      'resourceType: redis.googleapis.com/Instance\n    kind: info',
      'resourceType: redis.googleapis.com/Instance\n    kind: idle',
      /\.kind$/,
      /nothing can be done/,
    ],
    [
      'a condition with two tests',
      'aws.yaml',
      'present: false }',
      'present: false, atMost: 1 }',
      /conditions/,
      /exactly one/,
    ],
    [
      'a limit of no series',
      'aws.yaml',
      'metric: BytesOutToSource, of',
      'metric: BytesBack, of',
      /limits\.1\.metric$/,
      /one of/,
    ],
    [
      'a series too few',
      'aws.yaml',
      '- { metric: NetworkOut, statistic: Sum, unit: Bytes, periodSeconds: 3600 }',
      '',
      /\.metrics$/,
      /3 to 3/,
    ],
    [
      'an inverted maximum',
      'azure.yaml',
      'statistic: Minimum, unit: Percent, periodSeconds: 3600, invert: true',
      'statistic: Maximum, unit: Percent, periodSeconds: 3600, invert: true',
      /statistic$/,
      /must be Minimum/,
    ],
    [
      'a balancer without a limit',
      'azure.yaml',
      'thresholds: { maxBytesPerDay: 100000 }',
      'thresholds: {}',
      /thresholds$/,
      /must have maxRequestsPerDay or maxBytesPerDay/,
    ],
    [
      'a series of a balancer that nothing limits',
      'aws.yaml',
      'maxOpenConnections: 2, ',
      '',
      /metrics\.2$/,
      /must have a limit/,
    ],
    [
      'a series without a unit',
      'aws.yaml',
      '- { metric: NetworkOut, statistic: Sum, unit: Bytes, periodSeconds: 3600 }',
      '- { metric: NetworkOut, statistic: Sum, periodSeconds: 3600 }',
      /unit$/,
      /./,
    ],
    [
      'an absence that an empty copy would prove',
      'aws.yaml',
      'conditions:\n        - { attribute: creationDate, olderThanDays: 90 }\n        - { attribute: lifecycleConfiguration',
      'conditions:\n        - { attribute: lifecycleConfiguration',
      /conditions\.0$/,
      /empty copy/,
    ],
  ] as const)
    it(`says so of ${what}`, () => {
      const found = broken(file, from, to);
      assert.equal(found.file, file);
      assert.match(found.path, path);
      assert.match(found.fix, fix);
    });

  it('is listed with every problem of every file at once', () => {
    const files = edited('aws.yaml', 'cpuP95Percent: 3', 'cpuP95Percent: 0').map((f) =>
      f.file === 'gcp.yaml' ? { ...f, text: f.text.replace('version: "1"', 'version: one') } : f,
    );
    assert.throws(
      () => parseRules(files),
      (error: unknown) => {
        assert.ok(error instanceof RulesError);
        assert.deepEqual(
          error.problems.map((p) => `${p.file}: ${p.path}`),
          ['aws.yaml: rules.0.thresholds.cpuP95Percent', 'gcp.yaml: rules.2.version'],
        );
        return true;
      },
    );
  });

  it('that is no YAML, or not there, says where', async () => {
    assert.match(broken('azure.yaml', 'kind: idle', 'kind: idle\n    kind: idle').path, /^line \d+, column \d+$/);
    await assert.rejects(loadRules('/nowhere/rules'), /\/nowhere\/rules: \(folder\): found ENOENT/);
    const folder = mkdtempSync(join(tmpdir(), 'idlewise-rules-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'aws.yaml'), FILES.find((f) => f.file === 'aws.yaml')?.text ?? '');
    await assert.rejects(loadRules(folder), /shared\.yaml: \(file\): found nothing; put it beside the rules/);
    writeFileSync(join(folder, 'shared.yaml'), FILES.find((f) => f.file === 'shared.yaml')?.text ?? '');
    assert.ok((await loadRules(folder)).rules.length > 40, 'one cloud alone is enough');
  });
});

describe('rules of one’s own, in a folder of the configuration', () => {
  const [start, firstRule = ''] = (FILES.find((f) => f.file === 'aws.yaml')?.text ?? '').split(/^rules:\n/m);
  const one = firstRule.split(/^ {2}- /m)[1] ?? '';
  const shippedId = /^id: (\S+)/m.exec(one)?.[1] ?? '';
  const ownFolder = (files: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(tmpdir(), 'idlewise-own-rules-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
  const file = (rule: string) => `${start}rules:\n  - ${rule}`;
  const own = one.replace(shippedId, `${shippedId}-ours`);

  it('are added to those that ship, in any number of files', async () => {
    const before = (await loadRules()).rules.map((r) => r.id);
    const folder = ownFolder({ 'ours.yaml': file(own) });
    const { rules, digest } = await loadCatalogue({ rules: { folder } });
    assert.deepEqual(
      rules.map((r) => r.id).filter((id) => !before.includes(id)),
      [`${shippedId}-ours`],
    );
    assert.notEqual(digest, (await loadRules()).digest);
    assert.deepEqual((await loadCatalogue({ rules: {} })).digest, (await loadRules()).digest);
  });

  it('never replace a rule that ships', async () => {
    const folder = ownFolder({ 'ours.yaml': file(one) });
    await assert.rejects(
      loadRules(undefined, folder),
      new RegExp(
        `ours\\.yaml: rules\\.0\\.id: found "${shippedId}"; must be unique; .* first in aws\\.yaml: give it an id of your own`,
      ),
    );
  });

  it('are refused with file, field, found and fix like any other', async () => {
    const folder = ownFolder({ 'ours.yaml': file(own.replace(/^( +)kind: \w+/m, '$1kind: sleepy')) });
    await assert.rejects(loadRules(undefined, folder), /ours\.yaml: rules\.0\.kind: found "sleepy"; /);
    await assert.rejects(
      loadRules(undefined, ownFolder({})),
      /\(folder\): found no \.yaml file; put a file with rules there/,
    );
    await assert.rejects(loadRules(undefined, '/nowhere/ours'), /\/nowhere\/ours: \(folder\): found ENOENT/);
    const shared = ownFolder({ 'shared.yaml': FILES.find((f) => f.file === 'shared.yaml')?.text ?? '' });
    await assert.rejects(loadRules(undefined, shared), /shared\.yaml: found a file; remove it/);
  });
});
