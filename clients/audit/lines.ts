/** A file, a stream or the text itself. */
export type Content = string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

export interface Line {
  readonly bytes: Buffer;
  /** False for a last line that does not end in a newline. */
  readonly terminated: boolean;
}

const NEWLINE = 0x0a;

/** Splits at newlines only and keeps the bytes: verification is about bytes, and decoding would hide some changes. */
export async function* splitLines(content: Content): AsyncGenerator<Line, void, undefined> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks(content)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield { bytes: Buffer.concat([...rest, chunk.subarray(start, end)]), terminated: true };
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), terminated: false };
}

async function* chunks(content: Content): AsyncGenerator<Buffer> {
  if (typeof content === 'string' || content instanceof Uint8Array) yield Buffer.from(content);
  else for await (const chunk of content) yield Buffer.from(chunk as Uint8Array);
}
