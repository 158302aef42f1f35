import type { Context } from 'hono';

/**
 * `GET /<tenant>/v2.0/.well-known/openid-configuration` as Entra ID answers it, which Microsoft's clients read before they ask for
 * a token; the fields are those of login.microsoftonline.com. They take no endpoint that is not https, so that is what it names.
 */
export function openidConfiguration(c: Context, tenantId: string): Response {
  const [, tenant = ''] = c.req.path.split('/');
  if (decodeURIComponent(tenant) !== tenantId)
    return c.json(
      { error: 'invalid_tenant', error_description: 'AADSTS90002: Tenant not found.', error_codes: [90002] },
      400,
    );
  const base = `https://${new URL(c.req.url).host}/${tenant}`;
  return c.json({
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
  });
}

export const OPENID_CONFIGURATION = '/v2.0/.well-known/openid-configuration';
