import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

export const REPLICA_SET = 'idlewise';

/** A set of one: mongod has transactions only in a replica set. Repeatable, and follows a changed port. */
export async function initiateReplicaSet(uri: string, port: number): Promise<void> {
  const client = new MongoClient(uri);
  const admin = client.db('admin');
  const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
  try {
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary) return;
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } }).catch(async (error: unknown) => {
      if ((error as { codeName?: string }).codeName !== 'AlreadyInitialized') throw error;
      const { config } = await admin.command({ replSetGetConfig: 1 });
      if (config.members?.[0]?.host === members[0]?.host) return;
      await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
    });
    for (let tries = 0; tries < 300; tries++) {
      if ((await admin.command({ hello: 1 })).isWritablePrimary) return;
      await sleep(100);
    }
    throw new Error('mongod did not become primary of its replica set within 30 s');
  } finally {
    await client.close();
  }
}
