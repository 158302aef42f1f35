import { type Context, Hono } from 'hono';
import { type Api, type Env, failure, readBody, renderAccount, type World } from './context.ts';
import { isVisible, selfOf } from './issue-api.ts';
import { renderIssue } from './issue-fields.ts';
import { BadJql, parseJql } from './jql.ts';

/** Search, users and their properties: what of `/rest/api/3` is not about one issue. */
export function createSiteApi(world: World): Api {
  const { store, settings, accounts } = world;
  const api = new Hono<Env>();

  const search = (
    c: Context<Env>,
    asked: { jql: string; fields: readonly string[]; maxResults: number; token: string },
  ) => {
    let query: ReturnType<typeof parseJql>;
    try {
      query = parseJql(world, asked.jql);
    } catch (error) {
      if (error instanceof BadJql) return failure(c, 400, { messages: [error.message] });
      throw error;
    }
    if (!query.bounded)
      return failure(c, 400, {
        messages: ['Unbounded JQL queries are not allowed here. Please add a search restriction to your query.'],
      });
    const from = asked.token === '' ? 0 : Number(Buffer.from(asked.token, 'base64url').toString());
    if (!Number.isInteger(from)) return failure(c, 400, { messages: ['The provided next page token is invalid.'] });
    const tokenAt = (at: number) => Buffer.from(String(at)).toString('base64url');
    if (settings.emptyFirstPage && asked.token === '')
      return c.json({ issues: [], nextPageToken: tokenAt(0), isLast: false });
    const indexed = Date.now() - settings.indexLagMs;
    const hits = store
      .issues()
      .filter((i) => Date.parse(i.created) <= indexed && isVisible(world, i, c.get('user')) && query.test(i));
    const ordered = query.newestFirst ? hits.toReversed() : hits;
    const next = from + Math.min(Math.max(asked.maxResults, 1), 100);
    const issues = ordered
      .slice(from, next)
      .map((i) => renderIssue(world, i, { self: selfOf(c, i), changelog: false, fields: asked.fields }));
    const isLast = next >= ordered.length;
    return c.json({ issues, isLast, ...(isLast ? {} : { nextPageToken: tokenAt(next) }) });
  };
  api.post('/search/jql', async (c) => {
    const body = await readBody(c);
    return search(c, {
      jql: String(body['jql'] ?? ''),
      fields: Array.isArray(body['fields']) ? body['fields'].map(String) : ['id'],
      maxResults: Number(body['maxResults'] ?? 50),
      token: String(body['nextPageToken'] ?? ''),
    });
  });
  api.get('/search/jql', (c) =>
    search(c, {
      jql: c.req.query('jql') ?? '',
      fields: (c.req.query('fields') ?? 'id').split(','),
      maxResults: Number(c.req.query('maxResults') ?? 50),
      token: c.req.query('nextPageToken') ?? '',
    }),
  );
  // The search with startAt and total has been withdrawn.
  api.all('/search', (c) =>
    failure(c, 410, { messages: ['The requested API has been removed. Please migrate to /rest/api/3/search/jql.'] }),
  );

  api.get('/myself', (c) => c.json(renderAccount(c.get('user'))));
  api.get('/user/search', (c) => {
    const query = (c.req.query('query') ?? '').toLowerCase();
    const found = accounts.filter(
      (a) => a.displayName.toLowerCase().startsWith(query) || (!a.emailHidden && a.email.toLowerCase() === query),
    );
    return c.json(found.slice(0, Number(c.req.query('maxResults') ?? 50)).map(renderAccount));
  });

  /** One's own properties need no permission; other people's need an administrator. */
  const own = (c: Context<Env>, run: (key: string) => Response | Promise<Response>) => {
    const accountId = c.req.query('accountId');
    if (accountId !== c.get('user').accountId)
      return failure(c, 403, { messages: ['You do not have permission to access the properties of this user.'] });
    return run(`${accountId}/${c.req.param('key')}`);
  };
  api.get('/user/properties/:key', (c) =>
    own(c, (key) => {
      if (!store.userProperties.has(key)) return failure(c, 404, { messages: ['The property does not exist.'] });
      return c.json({ key: c.req.param('key'), value: store.userProperties.get(key) });
    }),
  );
  api.put('/user/properties/:key', (c) =>
    own(c, async (key) => {
      const value = await readBody(c);
      const known = store.userProperties.has(key);
      store.userProperties.set(key, value);
      store.save();
      return c.body(null, known ? 200 : 201);
    }),
  );
  api.delete('/user/properties/:key', (c) =>
    own(c, (key) => {
      if (!store.userProperties.delete(key)) return failure(c, 404, { messages: ['The property does not exist.'] });
      store.save();
      return c.body(null, 204);
    }),
  );
  return api;
}
