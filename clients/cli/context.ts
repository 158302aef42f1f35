import { existsSync } from 'node:fs';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import type { SecretsPort } from '../../providers/secrets/port.ts';
import { createMongoStore } from '../../providers/store/mongodb/create-mongo-store.ts';
import type { Store } from '../../providers/store/port.ts';
import { openAudit } from '../../workers/compose/records.ts';
import { connectTemporal } from '../temporal.ts';
import { createOutput, type Output } from './output.ts';

/** The configuration `npm start` leaves behind; used when none is named. */
export const EMBEDDED_CONFIG = '.idlewise/start/config.yaml';

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** What a command may need; each part is opened on first use and closed at the end. */
export interface CliContext {
  readonly out: Output;
  config(): Promise<Config>;
  secrets(): SecretsPort;
  store(): Promise<Store>;
  audit(): ReturnType<typeof openAudit>;
  /** The trail with the signing key: for exports and checkpoints. */
  signingAudit(): ReturnType<typeof openAudit>;
  temporal(): ReturnType<typeof connectTemporal>;
  close(): Promise<void>;
}

export function createContext(options: GlobalOptions): CliContext {
  const closers: (() => Promise<unknown>)[] = [];
  const secrets = createSecrets();
  const config = once(() =>
    loadConfig(
      options.config ?? process.env['IDLEWISE_CONFIG'] ?? (existsSync(EMBEDDED_CONFIG) ? EMBEDDED_CONFIG : undefined),
    ),
  );
  const mongoUri = async () => {
    const { uri } = (await config()).mongodb;
    return uri.startsWith('mongodb') ? uri : secrets.resolve(uri);
  };
  return {
    out: createOutput(options.json ?? false),
    config,
    secrets: () => secrets,
    store: once(async () => {
      const store = await createMongoStore({ uri: await mongoUri(), database: (await config()).mongodb.database });
      closers.push(() => store.close());
      return store;
    }),
    audit: once(async () => {
      const audit = await openAudit(await config(), secrets);
      closers.push(() => audit.close());
      return audit;
    }),
    signingAudit: once(async () => {
      const audit = await openAudit(await config(), secrets, { sign: true });
      closers.push(() => audit.close());
      return audit;
    }),
    temporal: once(async () => {
      const client = await connectTemporal((await config()).temporal, secrets);
      closers.push(() => client.connection.close());
      return client;
    }),
    async close() {
      for (const close of closers) await close().catch(() => undefined);
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
