import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Checklist, checksOf, refusals } from '../../../domain/clouds/checklist.ts';
import { cloudOf } from '../../../domain/clouds/index.ts';
import { blockersOf } from '../../../domain/options/blockers.ts';
import { preflightCodes as awsCodes } from '../../../providers/cloud/aws/executor/preflight.ts';
import { preflightCodes as azureCodes } from '../../../providers/cloud/azure/executor/preflight.ts';
import { preflightCodes as gcpCodes } from '../../../providers/cloud/gcp/executor/preflight.ts';
import { ACTION_NAMES, ACTIONS } from '../../../schemas/actions.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import { planFor } from '../executor/facts.ts';
import { recordOf } from '../detection/fixtures.ts';
import { PLAIN, ROWS } from './checklist-rows.ts';

const PREFLIGHT = { aws: awsCodes, azure: azureCodes, gcp: gcpCodes };
const CLOUDS = ['aws', 'azure', 'gcp'] as const;
const KINDS = ['instance', 'volume', 'address', 'load-balancer', 'database'] as const;
const listOf = (cloud: (typeof CLOUDS)[number]): Checklist => {
  const checklist = cloudOf(cloud)?.checklist;
  assert.ok(checklist);
  return checklist;
};
const actionsOn = (kind: CloudFacts['kind']) => ACTION_NAMES.filter((name) => ACTIONS[name].kind === kind);

for (const cloud of CLOUDS)
  describe(`the checklist of ${cloud}`, () => {
    for (const kind of KINDS)
      for (const check of checksOf(listOf(cloud), kind)) {
        const row = ROWS[cloud][kind]?.[check.code];
        it(`${kind}: ${check.code} is refused before it is offered and before it is made`, () => {
          assert.ok(row, `no row for ${cloud}/${kind}/${check.code}: add one to checklist-rows.ts`);
          for (const { change, expected } of row) {
            const facts = { ...PLAIN[cloud][kind], ...change } as CloudFacts;
            for (const action of check.actions ?? actionsOn(kind)) {
              const before = refusals(listOf(cloud), action, facts);
              assert.ok(before.includes(expected), `${action}: ${before.join(', ')} lacks ${expected}`);
              const pre = PREFLIGHT[cloud](planFor(action, facts), facts).map((c) => c.replace('preflight:', ''));
              assert.deepEqual(pre, before, action);
              const { reversibility } = ACTIONS[action];
              assert.deepEqual(
                blockersOf(action, reversibility, { ...recordOf(facts) }).slice(0, before.length),
                before,
              );
            }
          }
        });
      }
    it('lets what is plain pass, and has no row for a code that is gone', () => {
      for (const kind of KINDS) {
        const codes = checksOf(listOf(cloud), kind).map((check) => check.code);
        assert.deepEqual(
          Object.keys(ROWS[cloud][kind] ?? {}).filter((code) => !codes.includes(code)),
          [],
        );
        assert.equal(new Set(codes).size, codes.length, `${kind}: one check for each code`);
        const facts = PLAIN[cloud][kind];
        if (facts === undefined) continue;
        for (const action of actionsOn(kind)) {
          assert.deepEqual(refusals(listOf(cloud), action, facts), [], action);
          assert.deepEqual(PREFLIGHT[cloud](planFor(action, facts), facts), [], action);
        }
      }
    });
  });
