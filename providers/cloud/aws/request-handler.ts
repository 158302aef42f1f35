import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AnswerTooLarge, DeadlinePassed } from '../../http/exchange.ts';

const CONNECTION_MS = 5_000;
const MAX_BYTES = 100_000_000;

type Handle = NodeHttpHandler['handle'];

/**
 * The SDK's own handler with a deadline for the whole answer. Its `requestTimeout` only writes a warning unless told to throw,
 * and ends with the headers: a body that falls silent would be waited for without end.
 */
class BoundedHandler extends NodeHttpHandler {
  readonly #timeoutMs: number;
  readonly #maxBytes: number;

  constructor(timeoutMs: number, maxBytes: number) {
    super({
      requestTimeout: timeoutMs,
      connectionTimeout: Math.min(CONNECTION_MS, timeoutMs),
      throwOnRequestTimeout: true,
    });
    this.#timeoutMs = timeoutMs;
    this.#maxBytes = maxBytes;
  }

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const deadline = new AbortController();
    const passed = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(new DeadlinePassed(this.#timeoutMs)), { once: true });
    });
    passed.catch(() => undefined);
    const timer = setTimeout(() => deadline.abort(), this.#timeoutMs);
    const own = options?.abortSignal as AbortSignal | undefined;
    const abortSignal = own ? AbortSignal.any([own, deadline.signal]) : deadline.signal;
    try {
      const { response } = await Promise.race([super.handle(request, { ...options, abortSignal }), passed]);
      const body = await Promise.race([this.#readUpTo(response.body as Readable), passed]);
      response.body = Readable.from(body.byteLength === 0 ? [] : [body]);
      return { response };
    } catch (error) {
      throw deadline.signal.aborted ? new DeadlinePassed(this.#timeoutMs) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #readUpTo(body: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > this.#maxBytes) throw new AnswerTooLarge(this.#maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

/** For every client of the AWS SDK. @param timeoutMs for each attempt, from connecting to the end of the body */
export function createRequestHandler(timeoutMs: number, maxBytes: number = MAX_BYTES): NodeHttpHandler {
  return new BoundedHandler(timeoutMs, maxBytes);
}
