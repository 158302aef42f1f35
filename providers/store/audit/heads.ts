import { ProviderErrorKind } from '../../../ports/errors.ts';
import { storeError } from '../mongodb/errors.ts';
import type { AuditCollections } from './collections.ts';
import { AuditEvent } from '../../../schemas/audit.ts';
import { byStream, type Checkpoint, eventHash, GENESIS, type Head } from './format.ts';

/** Where every stream stands now, sorted by stream. */
export async function currentHeads(at: AuditCollections): Promise<readonly Head[]> {
  const ends = await at.run('audit.heads', () =>
    at.events
      .aggregate<{ _id: string; seq: number; hash: string }>([
        // Backwards along the unique index: the server jumps from stream to stream instead of reading every event.
        { $sort: { stream: -1, seq: -1 } },
        { $group: { _id: '$stream', seq: { $first: '$seq' }, hash: { $first: '$hash' } } },
      ])
      .toArray(),
  );
  return ends.map(({ _id, seq, hash }) => ({ stream: _id, seq, hash })).sort(byStream);
}

/** The heads all checkpoints so far have signed for. */
export function signedHeads(checkpoints: readonly Checkpoint[]): Map<string, Head> {
  return new Map(checkpoints.flatMap((c) => c.heads.map((head) => [head.stream, head] as const)));
}

/**
 * Heads that moved since they were last signed for.
 * @throws ProviderError terminal when a stream is shorter than, or different at, what was signed: never sign over that.
 */
export async function movedHeads(
  at: AuditCollections,
  signed: ReadonlyMap<string, Head>,
  current: readonly Head[],
): Promise<readonly Head[]> {
  const now = new Map(current.map((head) => [head.stream, head]));
  for (const old of signed.values()) {
    const head = now.get(old.stream);
    if (!head || head.seq < old.seq) throw tampered(old, `ends at ${head?.seq ?? 0}, but ${old.seq} was signed`);
    if (head.seq === old.seq && head.hash !== old.hash) throw tampered(old, `was changed at ${old.seq} after signing`);
  }
  const moved = current.filter((head) => signed.get(head.stream)?.seq !== head.seq);
  for (const head of moved) {
    const old = signed.get(head.stream);
    if (!old) continue;
    const row = await at.run('audit.head', () => at.events.findOne({ stream: old.stream, seq: old.seq }));
    if (row?.hash !== old.hash) throw tampered(old, `was changed at ${old.seq} after signing`);
  }
  return moved;
}

/** A link that does not follow from the one before it: nobody who appends through us wrote it. */
export interface BrokenLink {
  readonly stream: string;
  readonly seq: number;
}

/**
 * Heads as far as every event since the last signed one follows from the one before it. What stands behind a broken link is never
 * signed for; the other streams go on.
 */
export async function verifiedHeads(
  at: AuditCollections,
  signed: ReadonlyMap<string, Head>,
  current: readonly Head[],
): Promise<{ readonly heads: readonly Head[]; readonly broken: readonly BrokenLink[] }> {
  const heads: Head[] = [];
  const broken: BrokenLink[] = [];
  for (const head of current) {
    const from = signed.get(head.stream);
    if (from && head.seq <= from.seq) {
      heads.push(head);
      continue;
    }
    const good = await followed(at, head.stream, from);
    if (good.seq > 0) heads.push(good);
    if (good.seq < head.seq) broken.push({ stream: head.stream, seq: good.seq + 1 });
  }
  return { heads, broken };
}

async function followed(at: AuditCollections, stream: string, from: Head | undefined): Promise<Head> {
  let good: Head = from ?? { stream, seq: 0, hash: GENESIS };
  const cursor = at.events.find({ stream, seq: { $gt: good.seq } }).sort({ seq: 1 });
  try {
    while (await at.run('audit.links', () => cursor.hasNext()))
      for (const row of cursor.readBufferedDocuments()) {
        const parsed = AuditEvent.safeParse(row);
        if (!parsed.success) return good;
        const { hash, ...body } = parsed.data;
        if (body.seq !== good.seq + 1 || body.prevHash !== good.hash || eventHash(body) !== hash) return good;
        good = { stream, seq: body.seq, hash };
      }
    return good;
  } finally {
    await cursor.close();
  }
}

function tampered(head: Head, what: string): Error {
  return storeError(
    'audit.checkpoint',
    ProviderErrorKind.Terminal,
    `AUDIT_TAMPERED: stream ${head.stream} ${what}; run idlewise audit verify`,
  );
}
