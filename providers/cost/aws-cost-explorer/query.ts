import {
  type CostExplorerClient,
  type Expression,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  GetCostAndUsageWithResourcesCommand,
} from '@aws-sdk/client-cost-explorer';
import { mapAwsError } from '../../cloud/aws/errors.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { type CostPage, parseCostPage } from './answer.ts';

/** Every page is billed, so an endless cursor costs money: 200 pages are a million rows. */
const MAX_PAGES = 200;
const DAY_MS = 86_400_000;

/** Half-open, as the service counts: the end day is not included. */
export function window(asOf: string, days: number): { Start: string; End: string } {
  const End = asOf.slice(0, 10);
  return { Start: new Date(Date.parse(End) - days * DAY_MS).toISOString().slice(0, 10), End };
}

/** What an asset costs, without what is credited or taxed on top of it. */
export function usageOf(accountId: string, services?: readonly string[]): Expression {
  return {
    And: [
      { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [accountId] } },
      { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } } },
      ...(services ? [{ Dimensions: { Key: 'SERVICE' as const, Values: [...services] } }] : []),
    ],
  };
}

/** All pages of one grouped query. `requests` is what AWS bills. */
export async function pagesOf(
  client: CostExplorerClient,
  input: GetCostAndUsageCommandInput & { Filter: Expression },
  withResources: boolean,
): Promise<{ pages: CostPage[]; requests: number }> {
  const operation = withResources ? 'GetCostAndUsageWithResources' : 'GetCostAndUsage';
  const pages: CostPage[] = [];
  let NextPageToken: string | undefined;
  while (pages.length < MAX_PAGES) {
    const request = { ...input, NextPageToken };
    const sending = withResources
      ? client.send(new GetCostAndUsageWithResourcesCommand(request))
      : client.send(new GetCostAndUsageCommand(request));
    const answer = await sending.catch((error: unknown) => {
      throw mapAwsError(error, operation, { provider: 'aws-cost-explorer' });
    });
    const page = parseCostPage(answer, operation);
    pages.push(page);
    NextPageToken = page.NextPageToken;
    if (NextPageToken === undefined) return { pages, requests: pages.length };
  }
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'aws-cost-explorer',
    operation,
    message: `still another page after ${MAX_PAGES}; narrow cost.resourceLevelServices`,
  });
}
