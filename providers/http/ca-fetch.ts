import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import type { Fetch } from './exchange.ts';

/** A fetch that trusts a certificate authority of one's own beside none other; the platform's knows no such option. */
export function fetchTrusting(ca: Buffer): Fetch {
  const agent = new Agent({ ca });
  return (input, init) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', signal, body } = init ?? {};
      const headers = Object.fromEntries(new Headers(init?.headers));
      const url = new URL(String(input instanceof Request ? input.url : input));
      const outgoing = request(url, { method, headers, agent, ...(signal ? { signal } : {}) }, (incoming) => {
        const status = incoming.statusCode ?? 502;
        const bodyless = status === 204 || status === 205 || status === 304;
        const answer = new Headers();
        for (const [name, values] of Object.entries(incoming.headersDistinct))
          for (const value of values ?? []) answer.append(name, value);
        const stream = Readable.toWeb(incoming) as unknown as ConstructorParameters<typeof Response>[0];
        resolve(new Response(bodyless ? null : stream, { status, headers: answer }));
      });
      outgoing.on('error', reject);
      outgoing.end(typeof body === 'string' ? body : undefined);
    });
}
