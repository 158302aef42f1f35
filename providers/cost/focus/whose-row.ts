import { accountOf, billKey, cloudOfAccount, regionOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import type { CloudProvider } from '../../../schemas/resource-type.ts';
import type { Cells } from './row.ts';
import { textOf } from './values.ts';

/**
 * The account a row belongs to, in its one spelling: Microsoft writes subscriptions as `/subscriptions/<id>`. Vendors without
 * sub-accounts charge the billing account itself. What is no account of our clouds is kept as it is; null when none is named.
 */
export function accountIn(cells: Cells): string | null {
  const text = textOf(cells['SubAccountId']) ?? textOf(cells['BillingAccountId']);
  const cloud = text === null ? null : cloudOfAccount(text);
  return text === null || cloud === null ? text : valueOf(accountOf(cloud, text));
}

/** What a row is about, the same for rows that are refused for another reason. */
export function whoseRow(cells: Cells): { readonly resourceId: string | null; readonly regionId: string | null } {
  const account = accountIn(cells);
  const cloud = account === null ? null : cloudOfAccount(account);
  const named = textOf(cells['ResourceId']);
  const resourceId =
    named === null
      ? null
      : billKey(named, {
          accountId: account,
          region: textOf(cells['AvailabilityZone']) ?? textOf(cells['RegionId']),
          name: textOf(cells['ResourceName']),
          projectNumber: projectNumber(cells),
        });
  return { resourceId, regionId: regionIn(cells, cloud) };
}

function regionIn(cells: Cells, cloud: CloudProvider | null): string | null {
  const text = textOf(cells['RegionId']);
  return text === null || cloud === null ? text : (valueOf(regionOf(cloud, text)) ?? text);
}

/** Google's view of its export keeps the project beside the columns of FOCUS. */
function projectNumber(cells: Cells): string | null {
  const text = textOf(cells['x_Project']);
  return text === null ? null : (/"number"\s*:\s*"?(\d+)/.exec(text)?.[1] ?? null);
}
