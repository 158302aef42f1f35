import { type Collection, type Db, MongoClient } from 'mongodb';
import { guard } from './errors.ts';

export interface MongoOptions {
  /** Resolved connection string; never logged. */
  readonly uri: string;
  readonly database: string;
  /** How long to look for a usable server. @default 3000 */
  readonly serverSelectionTimeoutMs?: number;
  /** Upper bound of one call, whatever the server does. @default 5000 */
  readonly operationTimeoutMs?: number;
  /** Index builds over an existing estate may take longer. @default 120000 */
  readonly indexTimeoutMs?: number;
}

/** String-keyed documents: all our ids are our own text. */
export type Document = { _id: string } & Record<string, unknown>;

export interface Connection {
  readonly db: Db;
  readonly indexTimeoutMs: number;
  /** Acknowledged by a majority. */
  collection(name: string): Collection<Document>;
  /** Acknowledged by a majority, on disk, and read back from a majority: for what must survive any failover. */
  durable(name: string): Collection<Document>;
  /** Runs one operation under the deadline; throws ProviderError. */
  run<T>(operation: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function connect(options: MongoOptions): Promise<Connection> {
  const { serverSelectionTimeoutMs = 3000, operationTimeoutMs = 5000, indexTimeoutMs = 120_000 } = options;
  const connection = await guard('connect', operationTimeoutMs, async () => {
    const client = new MongoClient(options.uri, {
      appName: 'idlewise',
      serverSelectionTimeoutMS: serverSelectionTimeoutMs,
      connectTimeoutMS: serverSelectionTimeoutMs,
      waitQueueTimeoutMS: operationTimeoutMs,
      socketTimeoutMS: indexTimeoutMs,
      ignoreUndefined: true,
      retryWrites: true,
    });
    try {
      await client.connect();
    } catch (error) {
      await client.close().catch(() => undefined);
      throw error;
    }
    return client;
  });
  const db = connection.db(options.database);
  const majority = { w: 'majority' as const, wtimeoutMS: operationTimeoutMs };
  return {
    db,
    indexTimeoutMs,
    collection: (name) => db.collection<Document>(name, { writeConcern: majority }),
    durable: (name) =>
      db.collection<Document>(name, {
        writeConcern: { ...majority, journal: true },
        readConcern: { level: 'majority' },
        readPreference: 'primary',
      }),
    run: (operation, work) => guard(operation, operationTimeoutMs, work),
    close: () => connection.close(),
  };
}
