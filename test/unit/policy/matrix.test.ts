import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import { Environment } from '../../../schemas/asset.ts';
import { ActionName } from '../../../schemas/option.ts';
import { change } from './requests.ts';

const golden = new URL('./matrix.golden.json', import.meta.url);
const policy = await loadCedarPolicy(new URL('../../../config/policies', import.meta.url).pathname);

/** action / phase / environment → the answer with 0, 1 and 2 approvers, at low and at high risk. */
function matrix(): Record<string, string> {
  const rows: Record<string, string> = {};
  for (const action of ActionName.options)
    for (const phase of ['observe', 'approve', 'automate'] as const)
      for (const environment of Environment.options)
        for (const risk of [10, 60]) {
          const cells = [0, 1, 2].map((people) => {
            const approvers = ['ann@example.com', 'bob@example.com'].slice(0, people);
            const requiredApprovals = Math.min(people, 1);
            const request = change({
              action,
              phase,
              risk,
              confidence: 95,
              approvers,
              requiredApprovals,
              asset: { environment },
            });
            const { allow, reasons } = policy.decideMutation(request);
            return `${people}: ${allow ? 'YES' : 'no'} (${reasons.join(' ')})`;
          });
          rows[`${action} / ${phase} / ${environment} / risk ${risk}`] = cells.join(' | ');
        }
  return rows;
}

test('every action × phase × environment × risk × number of approvers answers as reviewed', () => {
  const actual = matrix();
  // IDLEWISE_ACCEPT=1 rewrites the file; the difference is then read and agreed in review.
  if (process.env.IDLEWISE_ACCEPT) writeFileSync(golden, `${JSON.stringify(actual, null, 2)}\n`);
  assert.deepEqual(actual, JSON.parse(readFileSync(golden, 'utf8')));
});

test('what the matrix must say whoever reviews it', () => {
  for (const [row, answers] of Object.entries(matrix())) {
    const [none, one, both] = answers.split(' | ').map((cell) => cell.includes('YES')) as [boolean, boolean, boolean];
    const [action, phase, environment, risk] = row.split(' / ') as [string, string, string, string];
    const nonProd = !['prod', 'unknown'].includes(environment);
    assert.equal(both, phase !== 'observe', row);
    assert.equal(one, phase !== 'observe' && nonProd && risk === 'risk 10', row);
    const automatic =
      ['stop-instance', 'resize-instance', 'stop-database'].includes(action) &&
      ['dev', 'sandbox'].includes(environment);
    assert.equal(none, phase === 'automate' && automatic && risk === 'risk 10', row);
  }
});
