import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { evaluateCases } from '../../../clients/evaluate/evaluate-cases.ts';
import type { CaseLine } from '../../../clients/evaluate/lines.ts';

/** Public reports of decisions that went wrong, kept beside the project; its README says what is right for each. */
const FOLDER = fileURLToPath(new URL('../../../../shared/data/cases/decisions', import.meta.url));
const skip = existsSync(FOLDER) ? false : `not run: ${FOLDER} is not there`;

const notIdle = (c: CaseLine) => {
  assert.notEqual(c.verdict, 'idle');
  assert.equal(c.opportunity, null);
  assert.equal(c.recommended, null);
};
const byPeople = (c: CaseLine) => assert.equal(c.automation.allowed, false);
const excluded = (c: CaseLine) => {
  notIdle(c);
  assert.ok(
    c.reasons.some((r) => r.startsWith('excluded:')),
    String(c.reasons),
  );
};
const maintained = (c: CaseLine, until: string) => {
  assert.equal(c.recommended, null);
  assert.equal(c.maintain?.until?.slice(0, 10), until);
  assert.ok(c.options.some((o) => o.savingNote.includes(until)));
  byPeople(c);
};

/** One row of the README each. */
const RIGHT: Readonly<Record<string, (cases: readonly CaseLine[]) => void>> = {
  'load-balancer-long-lived.json': (all) => all.forEach(notIdle),
  'balancer-busy-but-empty-now.json': (all) => {
    all.forEach(notIdle);
    assert.ok(all.every((c) => c.verdict === 'active'));
  },
  'keep-words.json': (all) => all.forEach(excluded),
  'held-by-tags.json': (all) => all.forEach(excluded),
  'controllers.json': (all) => {
    all.forEach(excluded);
    const named = all.flatMap((c) => c.reasons.filter((r) => r.startsWith('excluded:managed-by:')));
    assert.deepEqual(named.sort(), [
      'excluded:managed-by:drs',
      'excluded:managed-by:parallelcluster',
      'excluded:managed-by:spot-io',
    ]);
  },
  'compute-line.json': (all) => {
    for (const c of all) {
      assert.equal(c.options.find((o) => o.optionId === 'stop-instance')?.monthlySaving?.amount, '30.37');
      assert.equal(c.recommended, 'stop-instance');
    }
  },
  'no-bill.json': ([covered, unbilled]) => {
    assert.ok(covered && unbilled);
    maintained(covered, '2028-03-01');
    byPeople(unbilled);
    assert.ok(unbilled.options.every((o) => o.monthlySaving === null || o.savingBasis === 'list-price'));
  },
  'covered-by-reservation.json': (all) => {
    for (const c of all) maintained(c, '2027-10-01');
  },
  'accelerator-busy.json': (all) => {
    for (const c of all) assert.equal(c.verdict, 'active');
  },
  'volume-attached-till-yesterday.json': (all) => all.forEach(notIdle),
  'exposed-exploited-admin.json': (all) => {
    for (const c of all) {
      byPeople(c);
      assert.ok(c.automation.whyNot.includes('evidence-first'));
    }
  },
  'resize-next-size-is-not-half.json': (all) => all.forEach(notIdle),
  'resize-below-burst-baseline.json': (all) => all.forEach(notIdle),
  'balancer-target.json': (all) => all.forEach(byPeople),
  'name-says-production.json': (all) => {
    for (const c of all) {
      assert.equal(c.environment, 'unknown');
      byPeople(c);
    }
  },
  'unit-fraction.json': (all) => {
    for (const c of all) assert.equal(c.verdict, 'active');
  },
};
/** What is offered and what is refused is judged by the checklist before a change, and tested there. */
const ELSEWHERE = ['offered-but-refused.json'];

describe('decisions that went wrong', { skip }, () => {
  it('are all judged here or elsewhere', () => {
    const files = readdirSync(FOLDER).filter((f) => f.endsWith('.json'));
    assert.deepEqual(
      files.filter((f) => RIGHT[f] === undefined && !ELSEWHERE.includes(f)),
      [],
    );
  });
  for (const [file, right] of Object.entries(RIGHT))
    it(`${file} is right`, async () => {
      const lines = [];
      for await (const line of evaluateCases(join(FOLDER, file))) lines.push(line);
      const cases = lines.filter((l): l is CaseLine => 'caseId' in l && !('error' in l));
      assert.equal(cases.length, lines.length, JSON.stringify(lines.filter((l) => 'error' in l)));
      assert.ok(cases.length > 0);
      right(cases);
    });
});
