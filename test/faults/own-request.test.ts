import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ANA } from '../../sandbox/estate/people.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import { assertInvariants, refusalsIn } from '../helpers/invariants.ts';
import { eventually, startTestStack, type TestStack } from '../helpers/stack.ts';

const STOP = 'stop-instance';

/** Nothing here is put into a record by the test: people tag in the cloud and set off sweeps, and then press. */
describe('who made a request themselves', () => {
  let stack: TestStack;

  before(async () => {
    stack = await startTestStack({
      assets: ['report-idle-1', 'poc-idle-1', 'seasonal-idle-1', 'wiki-idle-1'],
      tune: (config) => {
        for (const person of config.directory.people) if (person.subject === ANA) person.iamPrincipals = ['a.almeida'];
      },
    });
    const retag = (name: string, by?: string) => {
      const { resourceId } = stack.asset(name);
      return stack.world('aws', { do: 'retag', resourceId, key: 'cost-centre', value: '42', ...(by ? { by } : {}) });
    };
    await retag('report-idle-1', 'a.almeida');
    await retag('poc-idle-1');
    await stack.sweep({ requestedBy: 'cleo@acme.example' });
  });
  after(() => stack?.discard());

  const required = (approval: ApprovalRequest) => approval.options.find((o) => o.optionId === STOP)?.requiredApprovals;

  it('tagged the asset: their approval is refused, and somebody else’s counts', async () => {
    const approval = await stack.request('report-idle-1');
    assert.deepEqual(approval.tagSetters, { known: true, subjects: [ANA] });
    await stack.person.approve(approval, 'ana', STOP).catch(() => undefined);
    await eventually('the refusal is in the trail', async () =>
      (await refusalsIn(stack)).some((r) => r.reason === 'policy:forbid-approving-own-request' && r.who.includes(ANA)),
    );
    assert.equal((await stack.remediation('report-idle-1'))?.outcome, null);
    await stack.person.approve(approval, 'ben', STOP);
    assert.equal((await stack.ended('report-idle-1')).outcome, 'remediated');
  });

  it('is nobody of the directory: two people have to agree where one would have been enough', async () => {
    const tagged = await stack.request('poc-idle-1');
    const other = await stack.request('seasonal-idle-1');
    assert.deepEqual(tagged.tagSetters, { known: false, subjects: [] });
    assert.equal(other.tagSetters?.known, true);
    assert.equal(required(tagged), 2);
  });

  it('set off the sweep: their approval is refused', async () => {
    const approval = await stack.request('seasonal-idle-1');
    assert.equal(approval.requesterSubject, 'cleo@acme.example');
    await stack.person.approve(approval, 'cleo', STOP).catch(() => undefined);
    await eventually('the refusal is in the trail', async () =>
      (await refusalsIn(stack)).some((r) => r.reason === 'self-approval' && r.who.includes('cleo@acme.example')),
    );
    assert.deepEqual(await stack.effects('seasonal-idle-1'), []);
  });

  it('keeps every invariant', () => assertInvariants(stack));
});
