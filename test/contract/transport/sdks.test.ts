import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { createSlackClient, slackCall } from '../../../providers/chat/slack/client.ts';
import { mapAwsError } from '../../../providers/cloud/aws/errors.ts';
import { createRequestHandler } from '../../../providers/cloud/aws/request-handler.ts';
import { createArmReads } from '../../../providers/cloud/azure/arm.ts';
import { outgoing } from '../../../providers/cloud/azure/policies.ts';
import { clientOfToken, withPolicy } from '../../../providers/cloud/gcp/auth.ts';
import { mapGoogleError } from '../../../providers/cloud/gcp/errors.ts';
import { createAzureHttpClient } from '../../../providers/azure-auth/http-client.ts';
import { type Step, startScriptedServer } from './scripted-server.ts';

// The clients that vendors publish, with the parts of ours that they take: a deadline for the whole answer, a bound on it, the
// one reader of waiting times, and whose fault it is.

const server = await startScriptedServer();
after(() => server.stop());
beforeEach(() => server.reset());

interface Sdk {
  readonly name: string;
  readonly good: Step;
  ask(timeoutMs: number): Promise<unknown>;
  /** Statuses that pass are asked again for. */
  readonly passing: readonly number[];
}

const aws: Sdk = {
  name: 'AWS SDK',
  good: {
    headers: { 'content-type': 'text/xml' },
    body: '<DescribeRegionsResponse><regionInfo/></DescribeRegionsResponse>',
  },
  passing: [],
  async ask(timeoutMs) {
    const client = new EC2Client({
      region: 'us-east-1',
      endpoint: server.url,
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: createRequestHandler(timeoutMs, 1_000_000),
    });
    try {
      return await client.send(new DescribeRegionsCommand({}));
    } catch (error) {
      throw mapAwsError(error, 'ec2:DescribeRegions');
    } finally {
      client.destroy();
    }
  },
};

const azure: Sdk = {
  name: 'Azure SDK',
  good: { body: { value: [] } },
  passing: [404, 409, 400],
  ask(timeoutMs) {
    const tokens = { getToken: async () => ({ token: 't', expiresOnTimestamp: 0 }), discard: () => undefined };
    const authority = { tokens, scope: 's', base: server.url, renew: true };
    const httpClient = createAzureHttpClient({ timeoutMs, maxBytes: 1_000_000 });
    return createArmReads(authority, { policy: outgoing({}), httpClient }).list('/subscriptions', 'list');
  },
};

const google: Sdk = {
  name: 'Google client',
  good: { body: { items: [] } },
  passing: [404, 409, 400],
  async ask(timeoutMs) {
    const expiresAt = new Date('2999-01-01T00:00:00Z');
    const client = withPolicy(clientOfToken({ token: 't', expiresAt }), { timeoutMs, headers: {} });
    try {
      const { data } = await client.request({ url: `${server.url}/compute/v1/projects/p` });
      return data;
    } catch (error) {
      throw mapGoogleError(error, 'get');
    }
  },
};

const slack: Sdk = {
  name: 'Slack client',
  good: { body: { ok: true } },
  passing: [],
  ask(timeoutMs) {
    const client = createSlackClient({ apiUrl: server.url, token: 'xoxb-1', timeoutMs, retries: 0 });
    return slackCall('auth.test', z.looseObject({}), () => client.auth.test());
  },
};

for (const sdk of [aws, azure, google, slack])
  describe(sdk.name, () => {
    const fails = async (
      kind: ProviderErrorKind,
      step: Step | (() => Step),
      more: { timeoutMs?: number; wait?: number } = {},
    ) => {
      server.answer('', step);
      await assert.rejects(sdk.ask(more.timeoutMs ?? 30_000), (error) => {
        assert.ok(isProviderError(error), String(error));
        assert.equal(error.kind, kind, error.message);
        if (more.wait !== undefined)
          assert.ok(Math.abs((error.retryAfterMs ?? 0) - more.wait) <= 2_000, `${error.retryAfterMs}`);
        return true;
      });
    };

    it('reads a good answer', async () => {
      server.answer('', sdk.good);
      await sdk.ask(30_000);
      assert.equal(server.seen.length, 1);
    });

    it('ends at its deadline before the headers, and inside the body', async () => {
      await fails('unavailable', { hang: 'before headers' }, { timeoutMs: 150 });
      await fails('unavailable', { hang: 'in the body' }, { timeoutMs: 150 });
    });

    it('waits as long as a 429 says, in seconds or as a date', async () => {
      await fails('retry-after', { status: 429, headers: { 'retry-after': '77' } }, { wait: 77_000 });
      const soon = () => ({ status: 429, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } });
      await fails('retry-after', soon, { wait: 60_000 });
    });

    it('takes 503 for the vendor’s fault', () => fails('unavailable', { status: 503, body: 'down' }));

    for (const status of sdk.passing)
      it(`asks again for a ${status} that passes`, async () => {
        server.answer('', { status }, sdk.good);
        await sdk.ask(30_000);
        assert.equal(server.seen.length, 2);
      });
  });
