import { createHttpHeaders, type HttpClient, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { AnswerTooLarge, boundedFetch, type Fetch, type HttpAnswer } from '../http/exchange.ts';
import { inChain } from '../http/failure.ts';

export interface AzureHttpOptions {
  /** For each exchange, the body included. */
  readonly timeoutMs: number;
  readonly maxBytes?: number;
  /** @default globalThis.fetch */
  readonly fetch?: Fetch | undefined;
  /** The address to go to instead, as for a simulator that has no TLS. */
  readonly readdress?: (url: URL) => URL;
  /** Told of every answer; the clients' own errors leave out the headers. */
  readonly seen?: (answer: HttpAnswer) => void;
  /** Told of what the network did instead of an answer. */
  readonly failed?: (error: unknown) => void;
}

const MAX_BYTES = 50_000_000;

/** What Azure's clients send their requests through: a deadline for the whole answer, a bound on it, no redirects. */
export function createAzureHttpClient(options: AzureHttpOptions): HttpClient {
  const { timeoutMs, maxBytes = MAX_BYTES, readdress = (url: URL) => url, seen, failed } = options;
  const send = boundedFetch({ timeoutMs, maxBytes, fetch: options.fetch });
  return {
    async sendRequest(request: PipelineRequest) {
      try {
        const response = await send(readdress(new URL(request.url)), initOf(request));
        const answer = { status: response.status, headers: response.headers, text: await response.text() };
        seen?.(answer);
        const headers = createHttpHeaders(Object.fromEntries(response.headers));
        return { request, status: answer.status, headers, bodyAsText: answer.text };
      } catch (error) {
        failed?.(error);
        const code = inChain(error, (e): e is AnswerTooLarge => e instanceof AnswerTooLarge)
          ? RestError.PARSE_ERROR
          : RestError.REQUEST_SEND_ERROR;
        const message = error instanceof Error ? error.message : String(error);
        throw Object.assign(new RestError(message, { code, request }), { cause: error });
      }
    },
  };
}

function initOf(request: PipelineRequest): RequestInit {
  const { body, method } = request;
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new TypeError('a body that is no text is not sent');
  // Azure's own type of signal is what the platform's is.
  const signal = request.abortSignal as AbortSignal | undefined;
  return {
    method,
    headers: request.headers.toJSON(),
    ...(typeof body === 'string' ? { body } : {}),
    ...(signal ? { signal } : {}),
  };
}
