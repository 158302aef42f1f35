import ServiceNow from 'servicenow-rest-api';
import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';
import type { ServiceNowClient } from './client.ts';
import { serviceNowError } from './errors.ts';
import { columnsOf, encodeConditions, type TableQuery, type TableRows, verifyRows } from './query.ts';
import { parseRows, totalCount } from './table.ts';

/**
 * `servicenow-rest-api` behind our own port: bounded table reads and the creation of a record, nothing else.
 *
 * The package builds the request; our client sends it. The package shares one axios for the whole process, hard-codes
 * https, has no time limit, keeps the password in its errors and knows neither OAuth nor response headers. An axios
 * adapter, installed once, hands each request to the client of the call it belongs to and settles all of that: the
 * package never holds a credential and never opens a socket.
 */
export interface TablePackage {
  /** For queries that match at most a few rows per listed key: the package cannot page. References come as `{link, display_value}`. */
  read(query: TableQuery): Promise<TableRows>;
  /** Creates a record from display values. Returns the new record as the instance shows it. */
  create(table: string, values: Readonly<Record<string, string>>): Promise<unknown>;
}

interface Call {
  readonly client: ServiceNowClient;
  readonly operation: string;
  total: number | null;
}
interface AxiosRequest {
  readonly url?: string;
  readonly method?: string;
  readonly data?: unknown;
  readonly auth?: { readonly username?: string };
}

/** The package mangles host names without a dot, and the client knows the host anyway. */
const PLACEHOLDER_HOST = 'instance.invalid';
const calls = new Map<string, Call>();
let nextCall = 0;
let installed = false;

export function createTablePackage(client: ServiceNowClient): TablePackage {
  return {
    read: async (query) => {
      const call: Call = { client, operation: `read ${query.table}`, total: null };
      const columns = columnsOf(query);
      const filters = encodeConditions(query).map(encodeURIComponent);
      const answer = await invoke(call, (api, done) => api.getTableData(columns, filters, query.table, done));
      const rows = parseRows(call.operation, answer);
      verifyRows(query, rows);
      return { rows, hidden: Math.max(0, (call.total ?? 0) - rows.length) };
    },
    create: (table, values) =>
      invoke({ client, operation: `create ${table}`, total: null }, (api, done) =>
        api.createNewTask(values, table, done),
      ),
  };
}

/** One call of the package as a promise that settles once. */
async function invoke(call: Call, run: (api: ServiceNow, done: (answer: unknown) => void) => void): Promise<unknown> {
  const id = `call-${nextCall++}`;
  calls.set(id, call);
  try {
    // The user name is only the key under which the adapter finds the call again; it is never sent.
    const api = new ServiceNow(PLACEHOLDER_HOST, id, '');
    if (!installed) api.setNetworkOptions({ adapter: sendThroughClient, timeout: 15_000, maxRedirects: 0 });
    installed = true;
    return await new Promise((resolve, reject) => {
      silently(() =>
        run(api, (answer) => (answer instanceof Error ? reject(withoutConfig(call, answer)) : resolve(answer))),
      );
    });
  } finally {
    calls.delete(id);
  }
}

async function sendThroughClient(config: AxiosRequest) {
  const call = calls.get(config.auth?.username ?? '');
  if (!call || config.url === undefined) throw new Error('request belongs to no call');
  const url = new URL(config.url);
  const answer = await call.client.send({
    operation: call.operation,
    method: config.method === 'post' ? 'POST' : 'GET',
    path: `${url.pathname}${url.search}`,
    ...(typeof config.data === 'string' ? { body: JSON.parse(config.data) as unknown } : {}),
  });
  call.total = totalCount(answer.headers);
  return { data: answer.body, status: answer.status, statusText: '', headers: {}, config };
}

/** The package prints each URL while it is being called; its call is synchronous up to that point. */
function silently(run: () => void): void {
  const { log } = console;
  console.log = () => {};
  try {
    run();
  } finally {
    console.log = log;
  }
}

/** Errors of axios carry the whole request: pass on only ours. */
function withoutConfig(call: Call, error: Error): ProviderError {
  if (error instanceof ProviderError) return error;
  return serviceNowError(ProviderErrorKind.Malformed, call.operation, { message: 'answer could not be read' });
}
