import { createHash, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../../../schemas/digest.ts';
import type { Document } from '../mongodb/connect.ts';
import type { AuditCollections } from './collections.ts';
import { fingerprint, publicPem } from '../../signing/keys.ts';
import { EXPORT_FORMAT, EXPORT_VERSION, signDigest } from './format.ts';

const PAGE = 200;

/**
 * The whole trail as JSON lines, each in canonical form: header, checkpoints, events with their payloads, footer. The
 * footer signs the SHA-256 of every byte before it. Rows are passed on as they are found: judging them is verify's work.
 */
export async function* exportAudit(
  at: AuditCollections,
  key: KeyObject,
  exportedAt: string,
): AsyncGenerator<string, void, undefined> {
  const body = createHash('sha256');
  const counts = { checkpoints: 0, events: 0, payloads: 0 };
  const write = (line: unknown): string => {
    const text = `${canonicalJson(line)}\n`;
    body.update(text);
    return text;
  };

  yield write({
    kind: 'header',
    format: EXPORT_FORMAT,
    version: EXPORT_VERSION,
    exportedAt,
    publicKey: publicPem(key),
    key: fingerprint(key),
  });
  // Checkpoints come first: a verifier then knows which links to look for and need not keep the whole chain in memory.
  const checkpoints = await at.run('audit.export', () => at.checkpoints.find({}).sort({ number: 1 }).toArray());
  for (const checkpoint of checkpoints) {
    counts.checkpoints++;
    yield write({ kind: 'checkpoint', checkpoint: plain(checkpoint) });
  }
  for await (const { event, payload } of pages(at, {})) {
    counts.events++;
    if (payload) counts.payloads++;
    yield write({ kind: 'event', event, payload });
  }
  const digest = body.digest('hex');
  const signature = signDigest('export', digest, key);
  yield `${canonicalJson({ kind: 'footer', format: EXPORT_FORMAT, counts, digest, signature })}\n`;
}

export interface Row {
  readonly event: Record<string, unknown>;
  readonly payload: { readonly salt: string; readonly body: unknown } | null;
}

/** Events in (stream, seq) order, joined with their payloads a page at a time. */
export async function* pages(at: AuditCollections, where: { stream?: string }): AsyncGenerator<Row> {
  const cursor = at.events.find(where).sort({ stream: 1, seq: 1 }).batchSize(PAGE);
  try {
    while (await at.run('audit.page', () => cursor.hasNext())) {
      const rows = cursor.readBufferedDocuments(PAGE);
      const digests = rows.map((row) => row.payloadDigest).filter((d) => typeof d === 'string');
      const found = await at.run('audit.payloads', () => at.payloads.find({ _id: { $in: digests } }).toArray());
      const payloads = new Map(found.map((p) => [p._id, p]));
      for (const row of rows) yield { event: plain(row), payload: payloadOf(payloads.get(String(row.payloadDigest))) };
    }
  } finally {
    await cursor.close();
  }
}

function payloadOf(raw: Document | undefined): Row['payload'] {
  if (!raw || typeof raw.salt !== 'string' || typeof raw.text !== 'string') return null;
  try {
    return { salt: raw.salt, body: JSON.parse(raw.text) as unknown };
  } catch {
    return { salt: raw.salt, body: raw.text };
  }
}

/** Through JSON, so that a row someone put odd values into is still exported, and then found wanting. */
function plain({ _id, ...fields }: Document): Record<string, unknown> {
  return JSON.parse(JSON.stringify(fields)) as Record<string, unknown>;
}
