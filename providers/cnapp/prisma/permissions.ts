import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { PrismaParts } from './context.ts';
import { failure, firstProblem } from './errors.ts';
import { LooseText } from './rows.ts';
import { filledIn } from './rql.ts';

const Page = z.object({ items: z.array(z.unknown()).nullable(), nextPageToken: z.string().nullish() });
/** The first answer has the page in `data`; the further ones are the page. */
const Answer = z.union([z.object({ data: Page }).transform((a) => a.data), Page]);
const Permission = z.object({
  effectiveActionName: LooseText,
  grantedByCloudPolicyName: LooseText,
  grantedByCloudEntityName: LooseText,
});
/** One row for each action on each thing: an administrator has thousands, and says so early. */
const MOST_PAGES = 5;
const LIMIT = 1000;

export interface Permissions {
  /** Null: not known. */
  readonly iamRoles: string[] | null;
  readonly adminPrivileges: boolean | null;
}

/** Roles an asset acts as, and whether any of them makes it an administrator. */
export async function readPermissions(
  parts: PrismaParts,
  resource: { readonly assetId: string | null; readonly id: string; readonly name: string },
): Promise<Permissions> {
  const template = parts.config.permissionQuery;
  const { assetId, id, name } = resource;
  const query = template === null ? null : filledIn(template, { assetId, id, name });
  if (query === null) return { iamRoles: null, adminPrivileges: null };
  const operation = 'permission';
  const admins = new Set(parts.config.adminPolicies.map((policy) => policy.toLowerCase()));
  const roles = new Set<string>();
  let admin = false;
  let pageToken: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const request: { path: string; body: unknown } =
      pageToken === null
        ? { path: '/api/v1/permission', body: { query, limit: LIMIT } }
        : { path: '/api/v1/permission/page', body: { limit: LIMIT, pageToken } };
    const parsed = Answer.safeParse(await parts.cspm.call({ operation, ...request }));
    if (!parsed.success) throw failure(operation, Kind.Malformed, firstProblem(parsed.error));
    for (const item of parsed.data.items ?? []) {
      const granted = Permission.safeParse(item).data;
      const role = granted?.grantedByCloudEntityName ?? granted?.grantedByCloudPolicyName;
      if (role) roles.add(role);
      const named = admins.has(granted?.grantedByCloudPolicyName?.toLowerCase() ?? '');
      admin ||= named || /^\*(:\*)?$/.test(granted?.effectiveActionName ?? '');
    }
    pageToken = parsed.data.nextPageToken || null;
    if (pageToken === null) break;
  }
  // "No" needs the whole list.
  return { iamRoles: [...roles].sort(), adminPrivileges: admin || (pageToken === null ? false : null) };
}
