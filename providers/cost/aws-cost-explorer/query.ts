import {
  type CostExplorerClient,
  type Expression,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  GetCostAndUsageWithResourcesCommand,
} from '@aws-sdk/client-cost-explorer';
import { mapAwsError } from '../../cloud/aws/errors.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { type CostPage, PROVIDER, parseCostPage } from './answer.ts';

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
      throw mapAwsError(error, operation, { provider: PROVIDER });
    });
    const page = parseCostPage(answer, operation);
    pages.push(page);
    NextPageToken = page.nextPageToken ?? undefined;
    if (NextPageToken === undefined) return { pages: believable(pages, operation), requests: pages.length };
  }
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: PROVIDER,
    operation,
    message: `still another page after ${MAX_PAGES}; narrow cost.resourceLevelServices`,
  });
}

/** One odd group is that group's trouble; where none can be read, it is the answer that is not as promised. */
function believable(pages: CostPage[], operation: string): CostPage[] {
  const first = pages.flatMap((page) => page.rejected)[0];
  if (first === undefined || pages.some((page) => page.groups.length > 0)) return pages;
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: PROVIDER,
    operation,
    message: `field ${first.field}: found ${first.found}; ${first.fix}`,
  });
}
