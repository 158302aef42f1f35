import { accountProblem } from '../../../domain/cloud-ids/index.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure } from './errors.ts';
import { type Document, documentOf, textAt } from './fields.ts';
import { readAll } from './paging.ts';
import type { Reader } from './reading.ts';

const WEEK = 7 * 86_400_000;

/** One row of a configuration source. */
export interface ConfigurationRow {
  readonly resourceId: string;
  readonly arn: string | null;
  readonly region: string | null;
  readonly configuration: Document;
}

/**
 * The rows one LQL source has of one AWS account. Sources are filled in batches, so seven days are asked for. What lies beyond
 * the limit of a query is not there: whoever looks for one row must take its absence as "not known".
 */
export async function readSource(
  { client, config, maxPages }: Reader,
  source: string,
  of: { readonly accountId: string; readonly now: number },
): Promise<readonly ConfigurationRow[]> {
  // The id goes into the text of a query: it has to be what it claims to be.
  const problem = accountProblem('aws', of.accountId) ?? (/^\w+$/.test(source) ? null : `${source} must be one word`);
  if (problem !== null) throw failure('Queries/execute', Kind.Terminal, `account or source ${problem}`);
  const columns = ['RESOURCE_ID', 'ARN', 'RESOURCE_REGION', 'RESOURCE_CONFIG'].map((name) => `s.${name}`).join(', ');
  const call = {
    method: 'POST',
    path: 'Queries/execute',
    permission: `run LQL queries on ${source}`,
    body: {
      query: {
        queryText: `{ source { ${source} s } filter { s.ACCOUNT_ID = '${of.accountId}' } return distinct { ${columns} } }`,
      },
      options: { limit: config.names.queryLimit },
      arguments: [
        { name: 'StartTimeRange', value: new Date(of.now - WEEK).toISOString() },
        { name: 'EndTimeRange', value: new Date(of.now).toISOString() },
      ],
    },
  } as const;
  return (await readAll(client, call, maxPages)).flatMap(rowOf);
}

function rowOf(node: unknown): ConfigurationRow[] {
  const resourceId = textAt(node, 'RESOURCE_ID');
  const configuration = documentOf((node as Document | null)?.['RESOURCE_CONFIG']);
  if (resourceId === null || configuration === null) return [];
  return [{ resourceId, arn: textAt(node, 'ARN'), region: textAt(node, 'RESOURCE_REGION'), configuration }];
}
