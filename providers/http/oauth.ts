import { z } from 'zod';
import { ofShape } from './body.ts';
import type { HttpClient } from './client.ts';
import type { FreshToken } from './tokens.ts';

const DEFAULT_LIFE_S = 1_800;
const Token = z.object({
  access_token: z.string().min(1),
  /** Left out by some; the standard only recommends it (RFC 6749, section 5.1). */
  expires_in: z.coerce.number().positive().default(DEFAULT_LIFE_S),
});

/** One request to a token endpoint: a form there, a token and its life back. Throws ProviderError. */
export async function requestToken(
  http: HttpClient,
  request: {
    readonly provider: string;
    readonly operation: string;
    /** The setting to look at when the answer is none. */
    readonly field: string;
    readonly path?: string;
    readonly form: Readonly<Record<string, string>>;
  },
): Promise<FreshToken> {
  const { operation, path = '', form } = request;
  // Asking for a token changes nothing, so a passing refusal may be asked again.
  const body = await http.json({ operation, path, body: new URLSearchParams(form), repeatable: true, auth: false });
  const { access_token, expires_in } = ofShape(Token, body, request);
  return { token: access_token, lifeMs: expires_in * 1000 };
}
