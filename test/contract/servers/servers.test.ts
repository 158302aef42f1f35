import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { freePort, isListening } from '../../../sandbox/servers/ports.ts';
import { startProcess } from '../../../sandbox/servers/start-process.ts';
import { SEARCH_ATTRIBUTES } from '../../../sandbox/servers/start-temporal.ts';
import { startMongo, startMoto, startTemporal } from '../../helpers/servers.ts';

test('an acknowledged write survives the sudden end of MongoDB', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'idlewise-durable-'));
  const first = await startMongo({ dataDir });
  const client = new MongoClient(first.uri);
  await client
    .db('t')
    .collection('c')
    .insertOne({ kept: true }, { writeConcern: { w: 1, journal: true } });
  await first.process?.kill();
  await client.close();
  const second = await startMongo({ dataDir });
  const again = new MongoClient(second.uri);
  assert.equal((await again.db('t').collection('c').findOne({}))?.kept, true);
  await again.close();
  await Promise.all([first.stop(), second.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

test('MongoDB has transactions', async () => {
  const mongo = await startMongo();
  const client = new MongoClient(mongo.uri);
  const rows = client.db('t').collection('c');
  await rows.insertOne({ n: 1 });
  const session = client.startSession();
  const aborted = session.withTransaction(async () => {
    await rows.insertOne({ n: 2 }, { session });
    throw new Error('changed my mind');
  });
  await assert.rejects(aborted, /changed my mind/);
  assert.equal(await rows.countDocuments(), 1);
  await session.endSession();
  await client.close();
  await mongo.stop();
});

test('moto answers as EC2', async () => {
  const moto = await startMoto();
  const answer = await fetch(moto.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=x',
    },
    body: 'Action=DescribeInstances&Version=2016-11-15',
  });
  assert.match(await answer.text(), /DescribeInstancesResponse/);
  await moto.stop();
  assert.equal(await isListening(Number(new URL(moto.url).port)), false);
});

test('Temporal knows our search attributes, and what a file holds survives a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-temporal-'));
  const dbFile = join(folder, 'temporal.db');
  const start = async () => {
    const server = await startTemporal({ dbFile });
    const connection = await Connection.connect({ address: server.address });
    return { server, connection, client: new Client({ connection }) };
  };
  const first = await start();
  const { customAttributes } = await first.connection.operatorService.listSearchAttributes({ namespace: 'default' });
  assert.deepEqual(
    Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes)),
    [],
  );
  await first.client.workflow.start('waits', { taskQueue: 'nobody', workflowId: 'kept', args: [] });
  await first.connection.close();
  await first.server.process?.stop();
  const second = await start();
  assert.equal((await second.client.workflow.getHandle('kept').describe()).status.name, 'RUNNING');
  await second.connection.close();
  await Promise.all([first.server.stop(), second.server.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const listener = (port: number) =>
  `process.on('SIGTERM', () => {}); require('net').createServer().listen(${port}, '127.0.0.1')`;

async function listening(port: number, name: string, stopTimeout?: number) {
  return startProcess({
    name,
    command: process.execPath,
    args: ['-e', listener(port)],
    logFile: join(tmpdir(), `idlewise-${process.pid}-${name}.log`),
    ready: () => isListening(port),
    ...(stopTimeout && { stopTimeout }),
  });
}

test('a server that ignores SIGTERM is ended all the same, and that is no death to report', async () => {
  const port = await freePort();
  const stubborn = await listening(port, 'stubborn', 300);
  let deaths = 0;
  stubborn.onDeath(() => deaths++);
  await stubborn.stop();
  await stubborn.stop();
  assert.equal(await isListening(port), false);
  assert.equal(deaths, 0);
});

test('a server that dies by itself is reported', async () => {
  const port = await freePort();
  const doomed = await listening(port, 'doomed');
  const death = new Promise((resolve) => doomed.onDeath(resolve));
  await doomed.kill();
  await death;
  assert.equal(await isListening(port), false);
});

test('a server that ends at once is an error with the end of its log', async () => {
  const never = startProcess({
    name: 'broken',
    command: process.execPath,
    args: ['-e', 'console.error("no such option"); process.exit(3)'],
    logFile: join(tmpdir(), `idlewise-${process.pid}-broken.log`),
    ready: async () => false,
  });
  await assert.rejects(never, /broken ended at once \(code 3\).*no such option/);
});

test('no server outlives a parent that is killed', async () => {
  const port = await freePort();
  const module = new URL('../../../sandbox/servers/', import.meta.url).href;
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { startProcess } from '${module}start-process.ts';
     import { isListening } from '${module}ports.ts';
     await startProcess({ name: 'orphan', command: process.execPath, args: ['-e', 'require("net").createServer().listen(${port}, "127.0.0.1")'],
       logFile: '${join(tmpdir(), `idlewise-${process.pid}-orphan.log`)}', ready: () => isListening(${port}) });
     setInterval(() => undefined, 1000);`,
  ]);
  for (let i = 0; i < 100 && !(await isListening(port)); i++) await sleep(50);
  assert.equal(await isListening(port), true, 'it runs');
  parent.kill('SIGKILL');
  for (let i = 0; i < 100 && (await isListening(port)); i++) await sleep(50);
  assert.equal(await isListening(port), false, 'it ended with its parent');
});
