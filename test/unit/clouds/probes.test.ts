import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProviderError, ProviderError } from '../../../ports/errors.ts';
import { createAwsReader } from '../../../providers/cloud/aws/reader/create-reader.ts';
import { tryProbes } from '../../../providers/cloud/shared/probes.ts';

const fails = (kind: ProviderError['kind']) => async () => {
  throw new ProviderError({ kind, provider: 'x', operation: 'y', message: `it is ${kind}` });
};

describe('probes', () => {
  it('says what answered and what is not proved; "not there" proves the right to ask', async () => {
    const probes = [
      { permission: 'a', place: 'one', run: async () => undefined },
      { permission: 'b', place: 'two', run: fails('not-found') },
    ];
    const said = await tryProbes({ vendor: 'x', probes, grant: 'g', unproved: ['c'] });
    assert.equal(said, 'x: 2 calls answered in 2 place(s); not proved: c');
  });

  it('tries all, names each failure, and calls it what a person has to mend', async () => {
    const probes = [
      { permission: 'a', place: 'one', run: fails('unavailable') },
      { permission: 'b', place: 'one', run: fails('unauthorised') },
      { permission: 'c', place: 'one', run: async () => undefined },
    ];
    await assert.rejects(tryProbes({ vendor: 'x', probes, grant: 'ask for it', unproved: [] }), (error: unknown) => {
      assert.ok(isProviderError(error, 'unauthorised'));
      assert.match(error.message, /2 of 3 calls failed: a in one .*; b in one .*; mend it: ask for it/);
      return true;
    });
  });

  it('a refusal that passes, as after a role was given, is no verdict; one that stays is one after seconds', async () => {
    const pauses: number[] = [];
    const sleep = async (ms: number) => void pauses.push(ms);
    let asked = 0;
    const refused = fails('unauthorised');
    const passing = { permission: 'a', place: 'one', run: async () => (++asked < 3 ? refused() : undefined) };
    const fine = { permission: 'b', place: 'one', run: async () => undefined };
    const said = await tryProbes({ vendor: 'x', probes: [passing, fine], grant: 'g', unproved: [], sleep });
    assert.match(said, /2 calls answered/);
    assert.deepEqual([asked, pauses], [3, [500, 2_000]]);
    const lasting = { permission: 'a', place: 'one', run: refused };
    await assert.rejects(tryProbes({ vendor: 'x', probes: [lasting], grant: 'g', unproved: [], sleep }), {
      kind: 'unauthorised',
    });
  });

  it('AWS: every action of a sweep by its name, in the first region; the others are asked whether they are open', async () => {
    const asked: string[] = [];
    const denied = new Set(['DescribeVolumesCommand', 'LookupEventsCommand']);
    const clientsFor = ({ region }: { region: string }) => {
      const client = {
        async send({ constructor: { name } }: { constructor: { name: string } }) {
          asked.push(`${region} ${name}`);
          if (denied.has(name)) throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: {} });
          if (name === 'DescribeListenersCommand')
            throw Object.assign(new Error('gone'), { name: 'LoadBalancerNotFoundException', $metadata: {} });
          return {};
        },
      };
      return { ec2: client, elb: client, rds: client, autoScaling: client, cloudTrail: client };
    };
    const accounts = [{ accountId: '111122223333', regions: ['us-east-1', 'eu-west-1'] }];
    const reader = createAwsReader({ clients: { clientsFor } as never, accounts });
    await assert.rejects(reader.check(), (error: unknown) => {
      assert.ok(isProviderError(error, 'unauthorised'));
      assert.match(error.message, /2 of 15 calls failed: ec2:DescribeVolumes in 111122223333 us-east-1/);
      assert.match(error.message, /cloudtrail:LookupEvents/);
      return true;
    });
    assert.deepEqual(
      asked.filter((call) => call.startsWith('eu-west-1')),
      ['eu-west-1 DescribeInstancesCommand'],
    );
  });
});
