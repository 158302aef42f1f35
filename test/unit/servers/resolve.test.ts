import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { cacheFolder } from '../../../sandbox/servers/cache.ts';
import { findPython } from '../../../sandbox/servers/python-venv.ts';
import { resolveMongo } from '../../../sandbox/servers/resolve-mongo.ts';
import { resolveTemporal } from '../../../sandbox/servers/resolve-temporal.ts';
import { runCommand } from '../../../sandbox/servers/run-command.ts';

let folder = '';
let bin = '';
let archive: Buffer | null = null;
let asked: string[] = [];
let server: Server;
let downloads = '';

before(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (archive) response.end(archive);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  downloads = `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`;
});
after(() => server.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idlewise-resolve-'));
  bin = join(folder, 'bin');
  await mkdir(bin);
  archive = null;
  asked = [];
});

/** An environment in which nothing is found but what a test puts there. */
function env(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const off = { IDLEWISE_TEMPORAL_DOWNLOAD: 'off', IDLEWISE_MONGOD_DOWNLOAD: 'off' };
  return { PATH: bin, IDLEWISE_CACHE: join(folder, 'cache'), ...off, ...more };
}

async function executable(name: string, script: string): Promise<string> {
  const file = join(bin, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const lines: string[] = [];
const log = (line: string) => void lines.push(line);

test('the cache follows IDLEWISE_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
  assert.equal(cacheFolder({ IDLEWISE_CACHE: '/c', XDG_CACHE_HOME: '/x' }), '/c');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x' }), '/x/idlewise');
  assert.match(cacheFolder({}), /\.cache\/idlewise$/);
});

test('a configured Temporal address wins over a binary on PATH', async () => {
  await executable('temporal', 'echo temporal version 9');
  const found = await resolveTemporal(log, env({ IDLEWISE_TEMPORAL_ADDRESS: '10.0.0.1:7233' }));
  assert.deepEqual(found, { kind: 'address', address: '10.0.0.1:7233' });
});

test('a Temporal binary on PATH is used when it runs, and passed over when it does not', async () => {
  const path = await executable('temporal', 'echo temporal version 9');
  assert.deepEqual(await resolveTemporal(log, env()), { kind: 'binary', path });
  await executable('temporal', 'exit 1');
  await assert.rejects(resolveTemporal(log, env()), /temporal on PATH: .*failed/);
});

test('a downloaded Temporal that runs is kept, and the second time comes from the cache', async () => {
  await executable('temporal', 'echo temporal version 1.5.1');
  const packed = join(folder, 'packed.tar.gz');
  await runCommand('tar', ['-czf', packed, '-C', bin, 'temporal']);
  archive = await (await import('node:fs/promises')).readFile(packed);
  await rm(join(bin, 'temporal'));
  const settings = env({ IDLEWISE_TEMPORAL_DOWNLOAD: downloads, PATH: `${bin}` });
  const first = await resolveTemporal(log, settings);
  assert.ok(first.kind === 'binary' && first.path.startsWith(join(folder, 'cache', 'temporal', '1.5.1')));
  assert.match(asked[0] ?? '', /^\/archive\/v1\.5\.1\?platform=(linux|darwin)&arch=(amd64|arm64)$/);
  assert.deepEqual(await resolveTemporal(log, settings), first);
  assert.equal(asked.length, 1);
  assert.deepEqual(await readdir(join(folder, 'cache', 'temporal', '1.5.1')), ['temporal'], 'no scraps are left');
});

test('a download that does not run is thrown away', async () => {
  archive = Buffer.from('<html>captive portal</html>');
  await assert.rejects(resolveTemporal(log, env({ IDLEWISE_TEMPORAL_DOWNLOAD: downloads })), /download 1\.5\.1: tar/);
  assert.deepEqual(await readdir(join(folder, 'cache', 'temporal', '1.5.1')), []);
});

test('Go builds Temporal into the cache when nothing else works', async () => {
  await executable(
    'go',
    'printf \'#!/bin/sh\\necho built with "%s" cgo %s\\n\' "$*" "$CGO_ENABLED" > "$GOBIN/temporal"',
  );
  const found = await resolveTemporal(log, env());
  assert.ok(found.kind === 'binary');
  const built = await runCommand(found.path, []);
  assert.match(built, /install github\.com\/temporalio\/cli\/cmd\/temporal@v1\.5\.1 cgo 0/);
});

test('without anything, Temporal says all it tried and what to do', async () => {
  await assert.rejects(resolveTemporal(log, env()), (error: Error) => {
    for (const part of [
      'IDLEWISE_TEMPORAL_ADDRESS: not set',
      'on PATH',
      'cache',
      'download',
      'go is not on PATH',
      'Fix:',
    ])
      assert.ok(error.message.includes(part), part);
    return true;
  });
});

test('a host that does not answer costs no more than the connect time-out', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const start = Date.now();
  await assert.rejects(resolveTemporal(log, env({ IDLEWISE_TEMPORAL_DOWNLOAD: url })), /did not answer within 5000 ms/);
  silent.closeAllConnections();
  silent.close();
  assert.ok(Date.now() - start < 7_000);
});

test('a MongoDB uri is used without being printed', async () => {
  lines.length = 0;
  const uri = 'mongodb://user:secret-word@db/idlewise';
  assert.deepEqual(await resolveMongo(log, env({ IDLEWISE_MONGODB_URI: uri })), { kind: 'uri', uri });
  assert.doesNotMatch(lines.join('\n'), /secret-word/);
  await assert.rejects(resolveMongo(log, env({ IDLEWISE_MONGODB_URI: 'http://secret-word' })), (error: Error) => {
    assert.doesNotMatch(error.message, /secret-word/);
    return true;
  });
});

test('mongod on PATH is used', async () => {
  const path = await executable('mongod', 'echo db version v8');
  assert.deepEqual(await resolveMongo(log, env()), { kind: 'mongod', path });
});

test('without anything, MongoDB says all it tried, and which Python was too old', async () => {
  await executable('python3', 'echo 3.9');
  await assert.rejects(resolveMongo(log, env()), (error: Error) => {
    for (const part of ['IDLEWISE_MONGODB_URI', 'mongod on PATH', 'Python 3.10', 'is 3.9', 'Fix:'])
      assert.ok(error.message.includes(part), part);
    return true;
  });
});

test('the first Python that is new enough is taken, whatever python3 is', async () => {
  await executable('python3', 'echo 3.9');
  const newer = await executable('python3.12', 'echo 3.12');
  assert.equal(await findPython(env()), newer);
});
