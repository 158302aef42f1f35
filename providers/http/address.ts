import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Whose address it is, for the message of a refusal. */
export interface AddressOf {
  readonly provider: string;
  /** The setting that holds it, e.g. `cnapp.wiz.apiUrl`. */
  readonly field: string;
}

/**
 * The address without query and without a slash at its end. A secret sent in plain text is a secret lost, so it must be https;
 * plain http is for loopback only.
 * @throws ProviderError terminal, naming the field
 */
export function safeBase(text: string, { provider, field }: AddressOf): string {
  const refuse = (message: string) =>
    new ProviderError({ kind: ProviderErrorKind.Terminal, provider, operation: 'configure', message });
  const url = URL.parse(text);
  if (url === null) throw refuse(`${field} is no address; write it as https://host/path`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname)))
    throw refuse(`${field} is ${url.protocol}//…; use https, plain http is for loopback only`);
  if (url.username !== '' || url.password !== '')
    throw refuse(`${field} holds a user or password; put credentials into the settings made for them`);
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/**
 * An address that an answer named, such as the next page, when it stays below `base`. The token goes to the API and nowhere
 * else, whatever a link says.
 * @throws ProviderError malformed
 */
export function within(base: string, link: string, at: { provider: string; operation: string }): URL {
  const url = URL.parse(link, base);
  const { origin, pathname } = new URL(base);
  const below = pathname === '/' ? '/' : `${pathname.replace(/\/+$/, '')}/`;
  if (url !== null && url.origin === origin && `${url.pathname}/`.startsWith(below)) return url;
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    ...at,
    message: `a link leads to ${url === null ? 'no address' : url.origin + url.pathname.slice(0, 60)} instead of ${base}`,
  });
}
