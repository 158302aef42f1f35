import { pipeline, Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UnreadableFile } from './unreadable-file.ts';

/** Enough for the first line of the widest report. */
const HEAD_BYTES = 65_536;
/** What begins with these bytes is packed in a way that is not read here. */
const PACKED: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x50, 0x4b], 'a zip archive'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd'],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2'],
];
const GZIP = [0x1f, 0x8b];
const PARQUET = [...Buffer.from('PAR1')];

/** A file's text from its first byte on, and its beginning to look at. */
export interface BillText {
  /** UTF-8 bytes, or text. */
  readonly content: Readable;
  readonly head: string;
  readonly separator: string;
}

/**
 * Text of a stream whose name says nothing reliable: gzip, UTF-16 and the separator are recognised by content. Errors of the
 * source come out of `content`.
 * @throws UnreadableFile when it is packed in another way, or is no text
 */
export async function textOf(source: Readable): Promise<BillText> {
  let { head, rest } = await peek(source);
  if (begins(head, GZIP)) ({ head, rest } = await peek(flow(rest, createGunzip())));
  const packed = PACKED.find(([bytes]) => begins(head, bytes));
  if (packed) throw new UnreadableFile(`it is ${packed[1]}`, 'unpack it first');
  if (begins(head, PARQUET)) throw new UnreadableFile('it is Parquet inside gzip', 'unpack it first');
  const encoding = encodingOf(head);
  const start = new TextDecoder(encoding).decode(head);
  const content = encoding === 'utf-8' ? rest : flow(rest, decoder(encoding));
  return { content, head: start, separator: separatorOf(start) };
}

/** Whether these are the first bytes of a Parquet file. */
export function isParquet(head: Uint8Array): boolean {
  return begins(head, PARQUET);
}

async function peek(source: Readable): Promise<{ head: Buffer; rest: Readable }> {
  const taken: Buffer[] = [];
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer | Uint8Array>;
  let size = 0;
  let failure: { error: unknown } | null = null;
  while (size < HEAD_BYTES)
    try {
      const { value, done } = await chunks.next();
      if (done) break;
      taken.push(Buffer.from(value));
      size += value.length;
    } catch (error) {
      // What came before a break counts.
      failure = { error };
      break;
    }
  async function* all() {
    yield* taken;
    if (failure) throw failure.error;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  const rest = Readable.from(all());
  rest.once('close', () => source.destroy());
  return { head: Buffer.concat(taken).subarray(0, HEAD_BYTES), rest };
}

/** Errors reach whoever reads the last stream; the callback only keeps them from being unhandled. */
function flow(source: Readable, through: Transform): Readable {
  pipeline(source, through, () => undefined);
  return through;
}

function begins(head: Uint8Array, bytes: readonly number[]): boolean {
  return head.length >= bytes.length && bytes.every((byte, i) => head[i] === byte);
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the byte order mark, else by where the zeros of plain letters are. */
function encodingOf(head: Uint8Array): Encoding {
  if (begins(head, [0xff, 0xfe])) return 'utf-16le';
  if (begins(head, [0xfe, 0xff])) return 'utf-16be';
  const [a, b, c, d] = head;
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  return a === 0 && b !== 0 && c === 0 && d !== 0 ? 'utf-16be' : 'utf-8';
}

function decoder(encoding: Encoding): Transform {
  const text = new TextDecoder(encoding);
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, text.decode(chunk, { stream: true })),
    flush: (done) => done(null, text.decode()),
  });
}

/** Of the first line: what occurs most outside quotes. Spreadsheets of half of Europe write `;`. */
function separatorOf(head: string): string {
  const [line = ''] = head.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/, 1);
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
