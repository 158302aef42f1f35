import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { evaluateCases } from '../../../clients/evaluate/evaluate-cases.ts';

const FOLDER = new URL('../../../../shared/data/cases/decisions/', import.meta.url);
const EXPECTED = {
  'host-tenancy': 'dedicated_tenancy',
  'lb-target': 'lb_target_registered',
  hibernation: 'hibernation_configured',
  'shutdown-terminates': 'shutdown_behavior_terminate',
  '13-auto-lb-target': 'lb_target_registered',
};

const skip = existsSync(FOLDER) ? false : 'not run: ../shared/data/cases is absent';
test('what pre-flight would refuse is blocked before anybody is asked, and never automatic', { skip }, async () => {
  const seen = new Map<string, string>();
  for (const file of ['offered-but-refused.json', 'balancer-target.json'])
    for await (const line of evaluateCases(new URL(file, FOLDER).pathname)) {
      if (!('options' in line)) continue;
      assert.equal(line.automation.allowed, false, line.caseId);
      assert.equal(line.recommended, null, line.caseId);
      for (const { optionId, blockers, monthlySaving } of line.options) {
        seen.set(line.caseId, blockers.join());
        if (line.caseId === 'host-tenancy' && optionId === 'stop-instance')
          assert.equal(Number(monthlySaving?.amount), 0, 'the host is paid for whatever runs on it');
      }
    }
  assert.deepEqual(Object.fromEntries(seen), EXPECTED);
});
