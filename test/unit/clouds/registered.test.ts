import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudsFrom } from '../../../compose/registry.ts';
import { parseConfig } from '../../../config/load.ts';
import { readFile } from 'node:fs/promises';

test('a cloud is opened with the identity of its role, and of no other', async () => {
  const text = await readFile(new URL('../../../config/example.yaml', import.meta.url), 'utf8');
  const example = parseConfig(text, 'example.yaml');
  const identity = (name: string) => ({ accessKeyId: `env:${name}_KEY`, secretAccessKey: `env:${name}_SECRET` });
  const aws = { endpoint: 'http://127.0.0.1:9', readIdentity: identity('READ'), executorIdentity: identity('EXECUTE') };
  const config = { ...example, aws };
  for (const [role, own] of [
    ['read', 'env:READ_'],
    ['execute', 'env:EXECUTE_'],
  ] as const) {
    const asked: string[] = [];
    const secrets = {
      resolve: async (reference: string) => {
        asked.push(reference);
        return 'x';
      },
    };
    const { aws: cloud } = await cloudsFrom({ config, secrets, role });
    const [account] = config.accounts;
    assert.ok(cloud && account);
    const { accountId } = account;
    const region = account.regions[0] ?? '';
    const assetKey = `arn:aws:ec2:${region}:${accountId}:instance/i-0aaaaaaaaaaaaaaaa`;
    const place = { provider: 'aws', accountId, region } as const;
    const asset = {
      ...place,
      assetKey,
      resourceType: 'AWS::EC2::Instance',
      resourceId: 'i-0aaaaaaaaaaaaaaaa',
    } as const;
    await cloud.reader.describe([asset]).catch(() => undefined);
    const identities = asked.filter(
      (reference) => reference.startsWith('env:READ_') || reference.startsWith('env:EXEC'),
    );
    assert.ok(identities.length > 0, `${role}: ${asked.join()}`);
    assert.ok(
      identities.every((reference) => reference.startsWith(own)),
      identities.join(),
    );
  }
});
