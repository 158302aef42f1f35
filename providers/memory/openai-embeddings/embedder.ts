import OpenAI from 'openai';
import { z } from 'zod';
import type { Embeddings } from './section.ts';
import { unit } from '../../../domain/memory/ngram-vector.ts';
import { boundedFetch, type Fetch } from '../../http/exchange.ts';
import { waitOf } from '../../http/wait.ts';
import { findEgressViolation } from '../../model/egress-guard.ts';
import { failureOf, wasRefusedUnread } from '../../model/failures.ts';
import { createTokenBudget, estimateTokens } from '../../model/token-budget.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { MemoryFallback } from '../../../ports/memory.ts';
import type { Space } from '../records.ts';

/** Raised when the form of `caseText` changes: its vectors would not be comparable with older ones. */
const TEXT_VERSION = 1;
/** A batch of the longest vectors as text stays well below. */
const MAX_BYTES = 8_000_000;
/** Local servers want some key, and must not be given a real one by accident. */
const NO_KEY = 'not-needed';

export type EmbedResult =
  | { readonly ok: true; readonly vectors: readonly Float32Array[] }
  | {
      readonly ok: false;
      readonly failure: MemoryFallback;
      /** Milliseconds the server asked to be left alone. */
      readonly retryAfter?: number;
    };

/** Texts to unit vectors, in their order. Never throws for what a server does. */
export interface Embedder {
  readonly space: Space;
  readonly baseUrl: string;
  embed(texts: readonly string[]): Promise<EmbedResult>;
}

export interface EmbedderOptions {
  readonly config: Embeddings & { readonly baseUrl: string };
  readonly secrets: SecretsPort;
  /** @default the global fetch */
  readonly http?: Fetch;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

const Answer = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()) })),
  usage: z.object({ total_tokens: z.number().int().nonnegative() }).nullish().catch(null),
});

/**
 * Any server that speaks OpenAI's embeddings. What is about to leave passes the same guard as a prompt.
 * @throws Error when the key cannot be resolved
 */
export async function createEmbedder({
  config,
  secrets,
  http = fetch,
  clock = Date.now,
}: EmbedderOptions): Promise<Embedder> {
  const client = new OpenAI({
    apiKey: config.apiKey === undefined ? NO_KEY : await secrets.resolve(config.apiKey),
    // All explicit, or the environment would decide where text goes and on whose account.
    baseURL: config.baseUrl,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: config.timeout,
    logLevel: 'off',
    fetch: boundedFetch({ fetch: http, timeoutMs: config.timeout, maxBytes: MAX_BYTES }),
  });
  const budget = createTokenBudget(config.dailyTokenBudget);
  const space: Space = { model: config.model, dim: config.dimensions, version: TEXT_VERSION };
  return {
    space,
    baseUrl: config.baseUrl,
    async embed(texts) {
      const input = [...texts];
      if (findEgressViolation(JSON.stringify(input)) !== null) return { ok: false, failure: 'egress-blocked' };
      const reserved = input.reduce((sum, text) => sum + estimateTokens(text), 0);
      if (!budget.reserve(reserved)) return { ok: false, failure: 'quota-exhausted' };
      try {
        const answer = await client.embeddings.create({
          model: config.model,
          input,
          encoding_format: 'float',
          ...(config.requestDimensions && { dimensions: config.dimensions }),
        });
        const read = readVectors(answer, input.length, space.dim);
        if (read.ok) budget.settle(reserved, read.tokens);
        return read;
      } catch (error) {
        if (wasRefusedUnread(error)) budget.settle(reserved, 0);
        return { ok: false, failure: fallbackOf(error), retryAfter: retryAfterOf(error, clock()) };
      }
    },
  };
}

/** One sound vector of the right length for each text, or none at all. */
function readVectors(answer: unknown, count: number, dim: number): EmbedResult & { readonly tokens: number | null } {
  const parsed = Answer.safeParse(answer);
  const bad = (failure: MemoryFallback) => ({ ok: false as const, failure, tokens: null });
  if (!parsed.success || parsed.data.data.length !== count) return bad('malformed');
  const rows = parsed.data.data.toSorted((a, b) => a.index - b.index);
  if (!rows.every((row, at) => row.index === at && row.embedding.every(Number.isFinite))) return bad('malformed');
  if (!rows.every((row) => row.embedding.length === dim)) return bad('dimension-mismatch');
  const vectors = rows.map((row) => unit(Float32Array.from(row.embedding)));
  return { ok: true, vectors, tokens: parsed.data.usage?.total_tokens ?? null };
}

function fallbackOf(error: unknown): MemoryFallback {
  const failure = failureOf(error);
  switch (failure) {
    case 'timeout':
    case 'rate-limited':
    case 'quota-exhausted':
    case 'unauthorised':
      return failure;
    case 'schema-invalid':
      return 'malformed';
    default:
      return 'unavailable';
  }
}

/** Zero where the server did not say. */
function retryAfterOf(error: unknown, now: number): number {
  return error instanceof OpenAI.APIError && error.headers ? (waitOf(error.headers, now) ?? 0) : 0;
}
