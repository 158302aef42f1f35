import type { ActionKey } from '../../schemas/actions.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import { parseAzureId, valueOf } from '../cloud-ids/index.ts';
import { managedByFrom } from '../controllers/controller-of.ts';

/**
 * One reason why a change is refused, asked before it is offered and again right before it is made: the same code in both
 * places, so that nothing is offered that would be refused.
 */
export interface Check<F extends CloudFacts> {
  readonly code: string;
  /** Actions it stands in the way of. Absent: every action on this kind. */
  readonly actions?: readonly ActionKey[];
  /** True: refused as `code`. Null: not known, refused as `unknown:<code>`. A text: refused as `<code>_<text>`. */
  readonly refuses: (facts: F) => boolean | string | null;
}

/** What one cloud refuses, by kind. States that our own half-done work leaves behind must pass. */
export type Checklist = {
  readonly [K in Exclude<CloudFacts['kind'], 'resource'>]: readonly Check<Extract<CloudFacts, { kind: K }>>[];
};

/** The codes under which this change is refused now; empty: nothing stands in its way as far as the facts tell. */
export function refusals(list: Checklist, action: ActionKey, facts: CloudFacts): string[] {
  if (facts.kind === 'resource') return ['report_only'];
  return checksOf(list, facts.kind)
    .filter((check) => check.actions?.includes(action) ?? true)
    .flatMap((check) => codesOf(check, facts));
}

/** Every check of a kind. The list's type pairs kind and facts; a look-up by any kind forgets that, its callers keep it. */
export function checksOf(list: Checklist, kind: keyof Checklist): readonly Check<CloudFacts>[] {
  return list[kind] as unknown as readonly Check<CloudFacts>[];
}

function codesOf({ code, refuses }: Check<CloudFacts>, facts: CloudFacts): string[] {
  const answer = refuses(facts);
  if (typeof answer === 'string') return [`${code}_${answer}`];
  // An older record may lack a fact altogether; that is not known either.
  if (answer === null || answer === undefined) return [`unknown:${code}`];
  return answer ? [code] : [];
}

/** `managed_by_eks`: a controller or a tool that would undo or fight the change, from the facts, the tags or the name. */
export const managed: Check<CloudFacts> = {
  code: 'managed_by',
  refuses: (facts) => {
    const said = facts.kind === 'instance' ? facts.managedBy : null;
    return (said ?? managerOf(facts))?.replaceAll('-', '_') ?? false;
  },
};

function managerOf({ provider, tags, assetKey }: CloudFacts): string | null {
  const name = provider === 'gcp' ? (assetKey.split('/').at(-1) ?? '') : (tags['Name'] ?? '');
  const resourceGroup = provider === 'azure' ? (valueOf(parseAzureId(assetKey))?.resourceGroup ?? '') : null;
  return managedByFrom({ provider, tags, name, resourceGroup });
}

/** The asset is in none of the states from which the action leads anywhere. */
export function stateNotAllowed<F extends CloudFacts>(...allowed: readonly F['state'][]): Check<F> {
  return { code: 'state_not_allowed', refuses: (facts) => !allowed.includes(facts.state) };
}
