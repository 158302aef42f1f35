import type { MiddlewareHandler } from 'hono';

export interface JournalEntry {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  /** First characters (4,000 unless the simulator keeps more), secrets redacted. */
  readonly body: string;
  /** Set by the simulator through `c.set('label', …)`: the operation or the acting identity. */
  readonly label: string | null;
}

export interface Journal {
  entries(): readonly JournalEntry[];
  clear(): void;
  readonly middleware: MiddlewareHandler;
}

const SECRET = /("?(?:client_secret|secret_id|password|token|access_token|secret|apiKey)"?\s*[=:]\s*"?)[^"&\s,}]+/gi;
const LIMIT = 20_000;

export function createJournal({ bodyLimit = 4000 }: { bodyLimit?: number } = {}): Journal {
  const rows: JournalEntry[] = [];
  return {
    entries: () => rows,
    clear: () => {
      rows.length = 0;
    },
    middleware: async (c, next) => {
      if (c.req.path.startsWith('/__sim/')) return next();
      const body = await c.req.raw
        .clone()
        .text()
        .catch(() => '');
      try {
        await next();
      } finally {
        if (rows.length < LIMIT)
          rows.push({
            at: new Date().toISOString(),
            method: c.req.method,
            path: c.req.path,
            query: new URL(c.req.url).search,
            status: c.res?.status ?? 0,
            body: body.slice(0, bodyLimit).replace(SECRET, '$1[redacted]'),
            label: (c.get('label' as never) as string | undefined) ?? null,
          });
      }
    },
  };
}
