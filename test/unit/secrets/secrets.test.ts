import assert from 'node:assert/strict';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecrets } from '../../../providers/secrets/create-secrets.ts';

async function fileWith(content: string, mode: number): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'idlewise-secret-')), 'secret');
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

test('reads the environment and files; one trailing newline is not part of the secret', async () => {
  const secrets = createSecrets({ env: { TOKEN: ' s3 cret ' } });
  assert.equal(await secrets.resolve('env:TOKEN'), ' s3 cret ');
  assert.equal(await secrets.resolve(`file:${await fileWith('line1\nline2\r\n', 0o600)}`), 'line1\nline2');
});

test('what cannot be read is named with its fix', async () => {
  const secrets = createSecrets({ env: { EMPTY: '' }, warn: () => undefined });
  await assert.rejects(secrets.resolve('env:MISSING'), /env:MISSING.*not set; set it/);
  await assert.rejects(secrets.resolve('env:EMPTY'), /EMPTY is empty/);
  await assert.rejects(secrets.resolve('env:constructor'), /not set/);
  await assert.rejects(secrets.resolve('file:/nonexistent/x'), /file:\/nonexistent\/x.*ENOENT.*correct the reference/);
  await assert.rejects(secrets.resolve(`file:${await fileWith('\n', 0o600)}`), /is empty/);
});

test('a reference that is a secret by mistake is not quoted', async () => {
  for (const mistake of ['hunter2', 'vault:hunter2'])
    await assert.rejects(createSecrets({ env: {} }).resolve(mistake), (e) => !String(e).includes('hunter2'));
});

test('a file others may read is warned about, and still used', async (t) => {
  if (process.platform === 'win32') return t.skip('not run: no file modes on this system');
  const warnings: string[] = [];
  const secrets = createSecrets({ env: {}, warn: (message) => warnings.push(message) });
  const path = await fileWith('value', 0o644);
  assert.equal(await secrets.resolve(`file:${path}`), 'value');
  assert.match(warnings.join(), /mode 644\); run chmod 600/);
  assert.ok(!warnings.join().includes('value'));
  await secrets.resolve(`file:${await fileWith('value', 0o600)}`);
  assert.equal(warnings.length, 1);
});
