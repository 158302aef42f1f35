import { z } from 'zod';
import { ProviderErrorKind as Kind, type ProviderError } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { byToken } from '../../http/auth.ts';
import { createHttpClient } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { jsonOf } from '../../http/failure.ts';
import { requestToken } from '../../http/oauth.ts';
import { createTokenCache } from '../../http/tokens.ts';
import { DOCUMENTS, type DocumentName } from './documents.ts';
import { DEFAULT_RETRY_MS, failure, failureWith, graphqlKind, HINTS, TOKEN_OPERATION, VENDOR } from './errors.ts';
import type { Wiz } from './section.ts';

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

export interface WizClientOptions extends HttpDeps {
  readonly config: Wiz;
  readonly secrets: SecretsPort;
  readonly timeoutMs: number;
}

/** GraphQL over HTTP. Errors arrive with status 200, so they are looked for first. */
export function createWizClient(options: WizClientOptions): WizClient {
  const { config, clock = Date.now } = options;
  const common = { ...options, clock, hints: HINTS };
  const http = createHttpClient({
    ...common,
    base: config.apiUrl,
    field: 'cnapp.wiz.apiUrl',
    maxConcurrent: config.maxConcurrent,
    auth: byToken(createTokenCache({ clock, ask: createLogin(options) })),
    hints: { ...HINTS, inside: ({ text }, { operation }) => errorInside(operation, jsonOf(text)) },
  });
  return {
    async query(document, variables) {
      const body = { query: DOCUMENTS[document], variables };
      // A mutation that was refused as such changed nothing either, but a second try is for whoever asked for it.
      const repeatable = !DOCUMENTS[document].trimStart().startsWith('mutation');
      const answer = Envelope.safeParse(await http.json({ operation: document, path: '', body, repeatable }));
      if (!answer.success)
        throw failure(
          document,
          Kind.Malformed,
          'the answer is no GraphQL answer (data, errors); check cnapp.wiz.apiUrl',
        );
      if (!answer.data.data) throw failure(document, Kind.Malformed, 'the answer has neither data nor errors');
      return answer.data.data;
    },
  };
}

/** OAuth client credentials. There is no refresh: a new token is asked for shortly before the old one ends. */
function createLogin(options: WizClientOptions) {
  const { config, secrets } = options;
  const field = 'cnapp.wiz.tokenUrl';
  const http = createHttpClient({ ...options, hints: HINTS, base: config.tokenUrl, field });
  return async () => {
    const [client_id, client_secret] = await Promise.all([
      secrets.resolve(config.clientId),
      secrets.resolve(config.clientSecret),
    ]);
    const form = { grant_type: 'client_credentials', audience: config.audience, client_id, client_secret };
    return requestToken(http, { provider: VENDOR, operation: TOKEN_OPERATION, field, form });
  };
}

const SCOPES = 'read:resources, read:issues, read:vulnerabilities, read:cloud_configuration and write:issue_comments';
const DETECTION_SCOPES =
  'read:detections, read:cloud_events_cloud and read:cloud_events_sensor, or set cnapp.wiz.detections to false';

function errorInside(operation: string, body: unknown): ProviderError | null {
  const first = Envelope.safeParse(body).data?.errors?.[0];
  if (!first) return null;
  const code = first.extensions?.code ?? '';
  const kind = graphqlKind(code);
  const hint =
    kind === Kind.Unauthorised
      ? `; the service account needs ${first.path?.[0] === 'detections' ? DETECTION_SCOPES : SCOPES}`
      : '';
  const message = `${first.message.slice(0, 300)} (code ${code || 'none'})${hint}`;
  const wait = kind === Kind.RetryAfter ? { retryAfterMs: DEFAULT_RETRY_MS } : {};
  return failureWith({ operation, kind, message, ...wait });
}
