import type { Config } from '../../config/schema.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Store } from '../../ports/store.ts';
import type { openAudit } from '../../compose/records.ts';
import type { connectTemporal } from '../../compose/temporal.ts';
import { createOutput, type Output } from './output.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** What a command may need; each part is loaded and opened on first use and closed at the end. */
export interface CliContext {
  readonly out: Output;
  config(): Promise<Config>;
  secrets(): Secrets;
  store(): Promise<Store>;
  audit(): ReturnType<typeof openAudit>;
  /** The trail with the signing key: for exports and checkpoints. */
  signingAudit(): ReturnType<typeof openAudit>;
  temporal(): ReturnType<typeof connectTemporal>;
  close(): Promise<void>;
}

export function createContext(options: GlobalOptions): CliContext {
  const closers: (() => Promise<unknown>)[] = [];
  const config = once(async () => {
    const { configFile, loadConfig } = await import('../../config/load.ts');
    return loadConfig(configFile(options.config));
  });
  const secrets = createSecrets({ config });
  return {
    out: createOutput(options.json ?? false),
    config,
    secrets: () => secrets,
    store: once(async () => {
      const { openStore } = await import('../../compose/records.ts');
      const store = await openStore(await config(), secrets);
      closers.push(() => store.close());
      return store;
    }),
    audit: once(async () => {
      const { openAudit } = await import('../../compose/records.ts');
      const audit = await openAudit(await config(), secrets);
      closers.push(() => audit.close());
      return audit;
    }),
    signingAudit: once(async () => {
      const { openAudit } = await import('../../compose/records.ts');
      const audit = await openAudit(await config(), secrets, { sign: true });
      closers.push(() => audit.close());
      return audit;
    }),
    temporal: once(async () => {
      const { connectTemporal } = await import('../../compose/temporal.ts');
      const client = await connectTemporal((await config()).temporal, secrets);
      closers.push(() => client.connection.close());
      return client;
    }),
    async close() {
      for (const close of closers) await close().catch(() => undefined);
      await secrets.close();
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
