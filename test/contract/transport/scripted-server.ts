import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer. */
export interface Step {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or what is sent as JSON. */
  readonly body?: unknown;
  /** Says nothing at all, or goes silent inside the body. */
  readonly hang?: 'before headers' | 'in the body';
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedServer {
  readonly url: string;
  readonly seen: Seen[];
  /**
   * What is answered to requests whose path or body contains `words`: the steps in turn, and the last one from then on. Later
   * rules go first.
   */
  answer(words: string, ...steps: readonly (Step | ((request: Seen) => Step))[]): void;
  /** Forgets all rules and requests. */
  reset(): void;
  stop(): Promise<void>;
}

/** A server that answers exactly what a test wrote down, from a socket on loopback. It knows no vendor. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const rules: { words: string; steps: (Step | ((request: Seen) => Step))[] }[] = [];
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const entry = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      seen.push(entry);
      const rule = rules.findLast((r) => says(entry, r.words));
      const step = rule && rule.steps.length > 1 ? rule.steps.shift() : rule?.steps[0];
      write(response, typeof step === 'function' ? step(entry) : (step ?? { status: 501, body: 'no rule' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (words, ...steps) => void rules.push({ words, steps: [...steps] }),
    reset() {
      rules.length = 0;
      seen.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether the path or the body of a request contains these words. */
export function says({ path, body }: Seen, words: string): boolean {
  return path.includes(words) || body.includes(words);
}

function write(response: ServerResponse, { status = 200, headers = {}, body = '', hang }: Step): void {
  if (hang === 'before headers') return;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  if (hang === 'in the body') response.write('{"half":');
  else response.end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString('utf8');
  return text;
}
