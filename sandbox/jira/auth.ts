import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ANA, BEN, CLEO, DEV, MALLORY } from '../estate/people.ts';
import type { Account, Env, Settings } from './context.ts';

/** Everybody with an account on the site: the integration first, then the people of the directory. */
export function createAccounts(settings: Settings): readonly Account[] {
  const account = (email: string, more: Partial<Account> = {}): Account => ({
    accountId: `5b${createHash('md5').update(email).digest('hex').slice(0, 22)}`,
    displayName: nameOf(email),
    email,
    emailHidden: false,
    active: true,
    approver: false,
    ...more,
  });
  return [
    account(settings.email, { displayName: 'Idlewise Integration' }),
    account(ANA, { approver: true }),
    account(BEN, { approver: true }),
    account(CLEO, { approver: true }),
    account(DEV),
    account(MALLORY, { emailHidden: true }),
  ];
}

/** `ana.silva@example.com` is Ana Silva. */
function nameOf(email: string): string {
  const words = (email.split('@')[0] ?? email).split(/[._-]/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** Basic with an API token, or the integration's Bearer token. A refusal has no body, as on the real site. */
export function createGuard(settings: Settings, accounts: readonly Account[]): MiddlewareHandler<Env> {
  const whoIs = (header: string): Account | undefined => {
    const [scheme, credential = ''] = header.split(' ');
    if (scheme === 'Bearer') return credential === settings.bearerToken ? accounts[0] : undefined;
    if (scheme !== 'Basic') return undefined;
    const [email, token] = Buffer.from(credential, 'base64').toString('utf8').split(':');
    const expected = email === settings.email ? settings.apiToken : settings.personToken;
    return token === expected ? accounts.find((account) => account.email === email) : undefined;
  };
  return async (c, next) => {
    const user = whoIs(c.req.header('authorization') ?? '');
    if (!user) {
      c.header('www-authenticate', 'Basic realm="protected-area"');
      return c.body(null, 401);
    }
    c.set('user', user);
    c.set('label' as never, user.email as never);
    return next();
  };
}
