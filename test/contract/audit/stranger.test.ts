import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startMongo } from '../../helpers/servers.ts';
import { entry, openLog, publicKeyPem, T0 } from './trail.ts';

const script = fileURLToPath(new URL('stranger.py', import.meta.url));

test('somebody who has only the documentation verifies an export, and finds one changed character', async (t) => {
  const server = await startMongo();
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-stranger-'));
  t.after(() => Promise.all([server.stop(), rm(folder, { recursive: true })]));
  const { log } = await openLog(server.uri, 'stranger');
  for (const stream of ['remediation/a', 'remediation/ü', 'system'])
    for (const n of [1, 2])
      await log.append({ ...entry(stream, n), payload: { n, text: 'grün “…” 𝄞', list: [1, null] } });
  await log.checkpoint(T0);
  await log.append(entry('system', 3));
  await log.checkpoint(new Date(Date.parse(T0) + 60_000).toISOString());
  let text = '';
  for await (const line of log.export()) text += line;
  await log.close();

  const key = join(folder, 'audit.pub');
  await writeFile(key, publicKeyPem);
  const judge = async (content: string) => {
    const file = join(folder, 'export.jsonl');
    await writeFile(file, content);
    const { status, stdout } = spawnSync('python3', [script, file, key], { encoding: 'utf8' });
    return [status, stdout.trim()];
  };
  assert.deepEqual(await judge(text), [0, '{"checkpoints":2,"events":7}']);
  for (const [from, to] of [
    ['grün', 'grun'],
    ['"seq":2', '"seq":3'],
    ['"number":2', '"number":4'],
  ] as const)
    assert.equal((await judge(text.replace(from, to)))[0], 1, `${from} → ${to}`);
});
