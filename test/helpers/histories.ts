import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';

/** Stored histories: `<path>.v<n>.json`; a new version is added beside the old one when a path gains or loses commands. */
export const HISTORIES = fileURLToPath(new URL('../replay/histories', import.meta.url));

const { History } = proto.temporal.api.history.v1;

/**
 * Plain JSON of a history: enumerations by name, bytes as base64. Stack traces are left out: they name folders of the
 * machine and prove nothing when replayed.
 */
export function historyToPlain(history: proto.temporal.api.history.v1.IHistory): unknown {
  const plain = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  return JSON.parse(JSON.stringify(plain), (key, value: unknown) => (key === 'stackTrace' ? '' : value)) as unknown;
}

/** Shaped as the replayer takes it. */
export function historyFromPlain(plain: unknown): unknown {
  return History.fromObject(plain as Record<string, unknown>);
}

export interface StoredHistory {
  readonly file: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly history: unknown;
}

export function storedHistories(): StoredHistory[] {
  return readdirSync(HISTORIES)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const stored = JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as Omit<StoredHistory, 'file'>;
      return { ...stored, file };
    });
}
