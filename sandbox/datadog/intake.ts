import { constants, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Context } from 'hono';

/** One scripted refusal. */
export interface Refusal {
  /** End of the path; any path when left out. */
  path?: string;
  status: number;
  /** @default 1 */
  times?: number;
  /** Seconds in X-RateLimit-Reset, for 429. */
  reset?: number;
}

export interface Body {
  readonly json: unknown;
  readonly compressedBytes: number;
  readonly bytes: number;
}

export interface Verdict {
  readonly status: number;
  readonly body?: unknown;
  /** Why it was refused. */
  readonly error?: string;
}

const UNPACK: Readonly<Record<string, (packed: Buffer) => Buffer>> = {
  gzip: (packed) => gunzipSync(packed),
  deflate: (packed) => inflateSync(packed),
  zstd1: (packed) => zstdDecompressSync(packed, { params: { [constants.ZSTD_d_windowLogMax]: 27 } }),
  identity: (packed) => packed,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
};

/** What every endpoint does before it looks at the content. */
export function createIntake({ key, refusals }: { key: () => string; refusals: Refusal[] }) {
  const guard = (c: Context): Response | null => {
    const scripted = nextRefusal(refusals, c.req.path);
    if (scripted) return refuse(c, { status: scripted.status }, scripted.reset);
    const given = c.req.header('dd-api-key');
    if (given === undefined || given === '') return refuse(c, { status: 401 });
    return given === key() ? null : refuse(c, { status: 403 });
  };
  return {
    guard,
    async take(c: Context, accept: (body: Body) => Verdict): Promise<Response> {
      const refused = guard(c);
      if (refused) return refused;
      const body = await unpack(c);
      const verdict = body === null ? { status: 400, error: 'the payload cannot be read' } : accept(body);
      return verdict.status < 300 ? c.json(verdict.body ?? {}, 202) : refuse(c, verdict);
    },
  };
}

async function unpack(c: Context): Promise<Body | null> {
  const packed = Buffer.from(await c.req.arrayBuffer());
  try {
    const plain = UNPACK[c.req.header('content-encoding') ?? 'identity']?.(packed);
    if (!plain || !c.req.header('content-type')?.startsWith('application/json')) return null;
    return { json: JSON.parse(plain.toString()), compressedBytes: packed.length, bytes: plain.length };
  } catch {
    return null;
  }
}

function nextRefusal(refusals: Refusal[], path: string): Refusal | null {
  const index = refusals.findIndex((refusal) => path.endsWith(refusal.path ?? ''));
  const found = refusals[index];
  if (!found) return null;
  found.times = (found.times ?? 1) - 1;
  if (found.times <= 0) refusals.splice(index, 1);
  return found;
}

/** The log intake explains itself in objects, the rest of the API in texts. */
function refuse(c: Context, { status, error }: Verdict, reset?: number): Response {
  const title = TITLES[status] ?? 'Error';
  if (reset !== undefined) {
    c.header('x-ratelimit-limit', '300');
    c.header('x-ratelimit-period', '60');
    c.header('x-ratelimit-remaining', '0');
    c.header('x-ratelimit-reset', String(reset));
    c.header('x-ratelimit-name', 'sandbox');
  }
  const detail = error ?? title;
  const errors = c.req.path.endsWith('/logs') ? [{ status: String(status), title, detail }] : [detail];
  return c.json({ errors }, status as 400);
}
