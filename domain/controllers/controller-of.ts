import type { AssetRecord } from '../../schemas/detection.ts';
import type { CloudProvider } from '../../schemas/resource-type.ts';
import { foldText } from '../untrusted-text.ts';
import { CONTROLLERS, type Controller, TOOL_KEYS, TOOL_STARTS, TOOLS } from './table.ts';

type Tags = Readonly<Record<string, string>>;

/** What may tell who owns an asset. */
export interface Claims {
  readonly provider: CloudProvider;
  readonly tags: Tags;
  readonly name: string;
  /** Azure only. */
  readonly resourceGroup?: string | null;
}

const TOOL_NAMES: ReadonlySet<string> = new Set([...TOOLS, ...TOOL_STARTS].map(([, name]) => name));

/** The controller that claims an asset by its tags, its name or its resource group; the first of the table wins. */
export function controllerFrom({ provider, tags, name, resourceGroup }: Claims): string | null {
  const folded = Object.entries(tags).map(([key, value]) => [foldText(key), value] as const);
  const claims = (c: Controller): boolean =>
    (c.provider === undefined || c.provider === provider) &&
    (folded.some((tag) => byTag(c, tag)) ||
      c.names?.some((pattern) => pattern.test(name)) === true ||
      (resourceGroup != null && c.groups?.some((pattern) => pattern.test(resourceGroup)) === true));
  return CONTROLLERS.find(claims)?.name ?? null;
}

function byTag({ keys, pairs }: Controller, [key, value]: readonly [string, string]): boolean {
  return (
    keys?.some((k) => (k.endsWith('*') ? key.startsWith(k.slice(0, -1)) : key === k)) === true ||
    pairs?.some(([k, pattern]) => key === k && pattern.test(value.trim())) === true
  );
}

/** The tool that describes the asset as code, or null. */
export function toolFrom(tags: Tags): string | null {
  for (const [key, value] of Object.entries(tags)) {
    const folded = foldText(key);
    const byKey = TOOL_STARTS.find(([start]) => folded.startsWith(start));
    if (byKey !== undefined) return byKey[1];
    if (!TOOL_KEYS.has(folded)) continue;
    if (folded === 'terraform' && !/^(false|no|0)?$/i.test(value)) return 'terraform';
    for (const [pattern, name] of TOOLS) if (pattern.test(value)) return name;
  }
  return null;
}

/** Whoever would undo or fight our change: a controller, else infrastructure as code. */
export function managedByFrom(claims: Claims): string | null {
  return controllerFrom(claims) ?? toolFrom(claims.tags);
}

/** The controller of an asset, from what the cloud and the inventory say; tools that only describe it do not count. */
export function controllerOf({ asset, facts }: AssetRecord): string | null {
  if (facts?.kind === 'instance' && facts.managedBy !== null && !TOOL_NAMES.has(foldText(facts.managedBy)))
    return foldText(facts.managedBy);
  return controllerFrom({
    provider: asset.provider,
    tags: { ...asset.tags, ...facts?.tags },
    name: asset.name,
    resourceGroup: /\/resourcegroups\/([^/]+)/i.exec(asset.assetKey)?.[1] ?? null,
  });
}
