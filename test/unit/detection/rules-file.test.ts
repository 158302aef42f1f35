import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { DEFAULT_RULES_FILE, loadRules, parseRules, RulesError } from '../../../config/load-rules.ts';

const TEXT = readFileSync(DEFAULT_RULES_FILE, 'utf8');
const broken = (edit: (text: string) => string) => {
  try {
    parseRules(edit(TEXT), 'rules.yaml');
  } catch (error) {
    assert.ok(error instanceof RulesError);
    return error.problems[0];
  }
  return assert.fail('was accepted');
};

describe('the rules file', () => {
  it('that ships holds the eight rules, each with a source and a content digest in its version', async () => {
    const { rules, digest } = await loadRules();
    assert.deepEqual(
      rules.map((r) => r.id),
      [
        'aws-ec2-instance-idle',
        'aws-ec2-instance-over-provisioned',
        'aws-ec2-instance-stopped-long',
        'aws-ebs-volume-unattached',
        'aws-ebs-volume-idle-io',
        'aws-eip-unassociated',
        'aws-elbv2-no-targets',
        'aws-elbv2-idle-traffic',
      ],
    );
    assert.match(digest, /^[0-9a-f]{64}$/);
    for (const rule of rules) {
      assert.ok(rule.source.length > 10);
      assert.match(rule.version, /^\d+\+[0-9a-f]{8}$/);
    }
  });

  it('gives a rule another version when a threshold changes, and only that rule', () => {
    const before = parseRules(TEXT, 'f').rules;
    const after = parseRules(TEXT.replace('cpuMaxPercent: 15', 'cpuMaxPercent: 14'), 'f').rules;
    assert.notEqual(after[0]?.version, before[0]?.version);
    assert.deepEqual(
      after.slice(1).map((r) => r.version),
      before.slice(1).map((r) => r.version),
    );
  });

  it('names path, what was found and the fix', () => {
    assert.deepEqual(
      broken((t) => t.replace('cpuP95Percent: 3', 'cpuP95Percent: "three"')),
      {
        file: 'rules.yaml',
        path: 'rules.0.thresholds.cpuP95Percent',
        found: '"three"',
        fix: 'Invalid input: expected number, received string',
      },
    );
    const typo = broken((t) => t.replace('cpuP95Percent: 3', 'cpuP95Procent: 3'));
    assert.equal(typo?.path, 'rules.0.thresholds.cpuP95Percent');
    assert.equal(typo?.found, 'nothing');
    assert.match(broken((t) => t.replace('nominationDays: 7', 'nominationDays: 20'))?.fix ?? '', /must grow/);
    assert.match(broken((t) => t.replace('id: aws-eip-unassociated', 'id: aws-elbv2-no-targets'))?.fix ?? '', /unique/);
    assert.match(
      broken((t) => t.replace('check: volume-unattached', 'check: volume-detached'))?.path ?? '',
      /rules\.3\.check/,
    );
  });

  it('that is no YAML, or not there, says where', async () => {
    assert.match(broken((t) => t.replace('\nrules:', '\nrules: ['))?.path ?? '', /^line \d+, column \d+$/);
    await assert.rejects(loadRules('/nowhere/rules.yaml'), /\/nowhere\/rules\.yaml: \(file\): found ENOENT/);
  });
});
