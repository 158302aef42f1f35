import { parseArn } from './arn.ts';
import { parseAzureId } from './azure-assets.ts';
import { assetKeyOf } from './keys.ts';
import type { Whereabouts } from './whereabouts.ts';

/**
 * One spelling of what a line of a bill is about, however the bill writes it: the asset key, or the id alone where it is unique
 * in an account (`i-…`, `vol-…`, `eipalloc-…`), since bills name either and often no region. What cannot be read is kept as
 * it is: then it is simply found for no asset. Empty stays empty.
 */
export function billKey(resourceId: string, at: Whereabouts = {}): string {
  const text = resourceId.trim();
  if (/^arn:/i.test(text)) return keyOfArn(text, at);
  if (/^(\/?subscriptions\/|\/[^/])/i.test(text)) {
    const azure = parseAzureId(text);
    return azure.ok ? azure.value.id : text.toLowerCase().replace(/\/+$/, '');
  }
  if (/^(\/\/|https:|gs:)/i.test(text)) return keptOr(text, at);
  return SHORT.test(text) ? text.toLowerCase() : text;
}

/** The ways a bill may spell one asset: to be looked up with in an answer of the cost port. */
export function costKeys(asset: { readonly assetKey: string; readonly resourceId: string }): readonly string[] {
  return [...new Set([billKey(asset.resourceId), billKey(asset.assetKey)])];
}

const SHORT = /^(?:i|vol|eipalloc|snap|ami|nat|vpce|eni)-[0-9a-f]+$/i;

function keyOfArn(text: string, at: Whereabouts): string {
  const arn = parseArn(text);
  const id =
    arn.ok && arn.value.service === 'ec2'
      ? /^[a-z-]+\/([a-z]+-[A-Za-z0-9-]+)$/.exec(arn.value.resource)?.[1]
      : undefined;
  return id === undefined ? keptOr(text, at) : billKey(id);
}

function keptOr(text: string, at: Whereabouts): string {
  const key = assetKeyOf(text, at);
  return key.ok ? key.value : text;
}
