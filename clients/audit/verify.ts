import { createHash, type KeyObject } from 'node:crypto';
import { EXPORT_FORMAT, signatureHolds } from '../../providers/store/audit/format.ts';
import { createCheckpointCheck } from './check-checkpoints.ts';
import { createEventCheck } from './check-events.ts';
import { type Content, splitLines } from './lines.ts';
import { type Problem, ProblemKind, problem } from './problem.ts';
import { type Footer, readLine } from './shapes.ts';
import { readTrust, trustedKeys } from './trust.ts';

export interface VerifyRequest {
  /** The export: bytes, text, a file stream, or `MongoAuditLog.export()` itself. */
  readonly content: Content;
  /** Public keys in PEM that are trusted; several may follow one another after a rotation. */
  readonly publicKeyPem?: string;
  /** Path of a checkpoint kept outside the database. */
  readonly anchorFile?: string;
}

export interface Verification {
  /** `undecidable` is never a pass: the key, the anchor or the file could not be read at all. */
  readonly status: 'intact' | 'tampered' | 'undecidable';
  readonly firstProblem: Problem | null;
  /** Why it cannot be decided; null otherwise. */
  readonly undecidable: string | null;
  /** `embedded` proves only that the file was not changed since whoever made it signed it. */
  readonly keySource: 'given' | 'embedded';
  readonly counts: { streams: number; events: number; payloads: number; erased: number; checkpoints: number };
  /** Events after the newest checkpoint: the tail that could still be cut before an export. */
  readonly afterLastCheckpoint: number;
}

/** Checks an export offline: every byte, link, payload, checkpoint and, when given, the anchor. */
export async function verifyExport(request: VerifyRequest): Promise<Verification> {
  const given = await readTrust(request);
  const checkpoints = createCheckpointCheck();
  const events = createEventCheck();
  const body = createHash('sha256');
  let keys: ReadonlyMap<string, KeyObject> = new Map();
  let first: Problem | null = null;
  let footer: Footer | null = null;
  let ours = false;
  let lines = 0;
  const note = (found: Problem | null) => {
    first ??= found;
  };
  const broken = (why: string) => note(problem(ProblemKind.EnvelopeBroken, why));

  for await (const { bytes, terminated } of splitLines(request.content)) {
    lines++;
    ours ||= bytes.includes(EXPORT_FORMAT);
    if (footer) broken(`line ${lines} comes after the footer`);
    const read = readLine(bytes);
    if (!read.ok) note(problem(ProblemKind.MalformedLine, `line ${lines} ${read.explanation}`, read));
    else if ((lines === 1) !== (read.line.kind === 'header'))
      broken(`line ${lines}: a header must be first, and only there`);
    if (!terminated) broken(`line ${lines} does not end in a newline`);
    if (read.ok && read.line.kind === 'footer') {
      footer = read.line;
      continue;
    }
    body.update(bytes).update('\n');
    if (!read.ok) continue;
    switch (read.line.kind) {
      case 'header': {
        const trusted = trustedKeys(read.line, given);
        keys = trusted.keys;
        note(trusted.problem);
        break;
      }
      case 'checkpoint':
        if (events.counts().events > 0) broken(`line ${lines}: a checkpoint among the events`);
        note(checkpoints.accept(read.line.checkpoint, keys));
        break;
      case 'event':
        note(events.accept(read.line, checkpoints.promised));
        break;
    }
  }

  if (given.anchor) note(checkpoints.against(given.anchor));
  note(events.finish(checkpoints.promised));
  note(
    footer
      ? checkFooter(footer, body.digest('hex'), keys)
      : problem(ProblemKind.EnvelopeBroken, 'the footer is missing'),
  );
  const { streams, ...seen } = events.counts();
  const counted = { checkpoints: checkpoints.count(), events: seen.events, payloads: seen.payloads };
  if (footer && Object.entries(counted).some(([what, n]) => footer.counts[what as keyof typeof counted] !== n))
    broken('the footer counts other rows than the export holds');

  const undecidable = given.undecidable ?? (ours ? null : 'this is not an Idlewise audit export');
  return {
    status: undecidable !== null ? 'undecidable' : first ? 'tampered' : 'intact',
    firstProblem: undecidable !== null ? null : first,
    undecidable,
    keySource: given.keys ? 'given' : 'embedded',
    counts: { streams, ...seen, checkpoints: checkpoints.count() },
    afterLastCheckpoint: Math.max(0, seen.events - checkpoints.covered()),
  };
}

function checkFooter(footer: Footer, digest: string, keys: ReadonlyMap<string, KeyObject>): Problem | null {
  if (footer.digest !== digest)
    return problem(ProblemKind.EnvelopeBroken, 'the bytes of the export do not match the digest in its footer');
  const { signature } = footer;
  if ([...keys.values()].some((key) => signatureHolds('export', digest, { signature, key }))) return null;
  return problem(ProblemKind.EnvelopeBroken, 'the signature of the export does not hold');
}
