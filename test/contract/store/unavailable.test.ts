import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { createMongoAuditLog } from '../../../providers/store/audit/create-mongo-audit-log.ts';
import { createMongoStore } from '../../../providers/store/mongodb/create-mongo-store.ts';
import { freePort, startMongo } from '../../helpers/servers.ts';
import { signingKeyPem } from '../audit/trail.ts';

const quick = { serverSelectionTimeoutMs: 400, operationTimeoutMs: 800 };

async function failsFast(work: Promise<unknown>): Promise<void> {
  const start = performance.now();
  await assert.rejects(work, (error) => isProviderError(error, 'unavailable'));
  assert.ok(performance.now() - start < 3000);
}

test('nobody listens: opening says unavailable, and does not quote the password', async () => {
  const uri = `mongodb://user:hunter2@127.0.0.1:${await freePort()}/`;
  await failsFast(createMongoStore({ uri, database: 'x', ...quick }));
  await assert.rejects(
    createMongoAuditLog({ uri, database: 'x', signingKeyPem, anchorDir: '/nonexistent', ...quick }),
    (error) => isProviderError(error, 'unavailable') && !String(error).includes('hunter2'),
  );
});

test('a server that accepts and never answers does not hang us', async () => {
  const mute = createServer(() => undefined);
  const port = await new Promise<number>((resolve) =>
    mute.listen(0, '127.0.0.1', () => resolve((mute.address() as { port: number }).port)),
  );
  const sockets = new Set<{ destroy(): void }>();
  mute.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  try {
    await failsFast(createMongoStore({ uri: `mongodb://127.0.0.1:${port}/`, database: 'x', ...quick }));
  } finally {
    for (const socket of sockets) socket.destroy();
    mute.close();
  }
});

test('the server dies under an open store: calls say unavailable, and work again when it is back', async () => {
  const port = await freePort();
  const first = await startMongo({ port });
  const store = await createMongoStore({ uri: first.uri, database: 'x', ...quick });
  await store.settings.killSwitch();
  await first.stop();
  await failsFast(store.settings.killSwitch());
  await failsFast(
    store.budgets.reserve({ reservationId: 'r', scopes: [{ scope: 's', limit: 1 }], at: '2026-01-01T00:00:00Z' }),
  );
  const second = await startMongo({ port });
  try {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const answer = await store.settings.killSwitch().catch(() => null);
      if (answer) break;
      assert.ok(Date.now() < deadline, 'did not come back');
    }
  } finally {
    await store.close();
    await second.stop();
  }
});
