/**
 * The id an asset is asked for by, as one text: the platform's restricted resource name, which is opaque and may be an
 * object, after its unified asset id where the row had one (permissions are asked for by that).
 */
export interface VendorIds {
  readonly rrn: unknown;
  readonly assetId: string | null;
}

export function vendorIdOf({ rrn, assetId }: VendorIds): string {
  const text = typeof rrn === 'string' ? rrn : JSON.stringify(rrn);
  return assetId === null ? text : `${assetId}@${text}`;
}

export function readVendorId(vendorId: string): VendorIds {
  const match = /^([\w-]+)@(.+)$/s.exec(vendorId);
  return { rrn: readRrn(match?.[2] ?? vendorId), assetId: match?.[1] ?? null };
}

function readRrn(text: string): unknown {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not one of ours; the platform will not know it either.
    return text;
  }
}
