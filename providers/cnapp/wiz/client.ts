import pLimit from 'p-limit';
import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { DOCUMENTS, type DocumentName } from './documents.ts';
import { DEFAULT_RETRY_MS, failure, failureWith, graphqlKind, httpFailure } from './errors.ts';
import type { TokenSource } from './token.ts';
import { readJson, send, type Transport } from './transport.ts';

const Envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string().catch('no message'),
        path: z
          .array(z.union([z.string(), z.number()]))
          .nullish()
          .catch(null),
        extensions: z.object({ code: z.string().catch('') }).nullish(),
      }),
    )
    .nullish(),
});

export type GraphqlData = Readonly<Record<string, unknown>>;
export interface WizClient {
  /** The `data` of one document. Throws ProviderError; never returns partial data. */
  query(document: DocumentName, variables: Record<string, unknown>): Promise<GraphqlData>;
}

/** GraphQL over HTTP with a bound on concurrent requests. Errors arrive with status 200, so they are looked for first. */
export function createWizClient(options: {
  readonly apiUrl: string;
  readonly maxConcurrent: number;
  readonly tokens: TokenSource;
  readonly transport: Transport;
}): WizClient {
  const { apiUrl, tokens, transport } = options;
  const limit = pLimit(options.maxConcurrent);

  const post = async (document: DocumentName, variables: Record<string, unknown>, token: string) =>
    send(transport, {
      operation: document,
      url: apiUrl,
      init: {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: DOCUMENTS[document], variables }),
      },
    });

  const exchange = async (document: DocumentName, variables: Record<string, unknown>): Promise<GraphqlData> => {
    const token = await tokens.get();
    let response = await post(document, variables, token);
    if (response.status === 401) {
      tokens.discard(token);
      response = await post(document, variables, await tokens.get());
    }
    if (!response.ok) throw httpFailure(document, response);
    return unwrap(document, await readJson(document, response));
  };

  return { query: (document, variables) => limit(() => exchange(document, variables)) };
}

const SCOPES = 'read:resources, read:issues, read:vulnerabilities, read:cloud_configuration and write:issue_comments';
const DETECTION_SCOPES =
  'read:detections, read:cloud_events_cloud and read:cloud_events_sensor, or set cnapp.wiz.detections to false';

function unwrap(document: DocumentName, body: unknown): GraphqlData {
  const parsed = Envelope.safeParse(body);
  if (!parsed.success)
    throw failure(
      document,
      Kind.Malformed,
      'the answer is not a GraphQL answer (data, errors); check cnapp.wiz.apiUrl',
    );
  const first = parsed.data.errors?.[0];
  if (first) {
    const code = first.extensions?.code ?? '';
    const kind = graphqlKind(code);
    const hint =
      kind === Kind.Unauthorised
        ? `; the service account needs ${first.path?.[0] === 'detections' ? DETECTION_SCOPES : SCOPES}`
        : '';
    const message = `${first.message.slice(0, 300)} (code ${code || 'none'})${hint}`;
    throw failureWith({
      operation: document,
      kind,
      message,
      ...(kind === Kind.RetryAfter ? { retryAfterMs: DEFAULT_RETRY_MS } : {}),
    });
  }
  if (!parsed.data.data) throw failure(document, Kind.Malformed, 'the answer has neither data nor errors');
  return parsed.data.data;
}
