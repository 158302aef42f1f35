import type { Store } from '../../ports/store.ts';
import type { RemediationDocument } from '../../schemas/records.ts';

const MANY = 100_000;

/**
 * The remediation a person means: by its id, its asset's ARN, resource id or name, or its ticket's number.
 * Null when there is none.
 * @throws Error listing the candidates when there are several.
 */
export async function findRemediation(store: Store, text: string): Promise<RemediationDocument | null> {
  const exact = await store.remediations.get(text);
  if (exact) return exact;
  const found = (await store.remediations.list({ limit: MANY })).filter((r) =>
    [r.assetKey, r.assetKey.split(/[/:]/).at(-1), r.assetName, r.ticket?.number].includes(text),
  );
  if (found.length > 1)
    throw new Error(
      `"${text}" is ${found.length} remediations; say which:\n${found.map((r) => `  ${r.remediationId}`).join('\n')}`,
    );
  return found[0] ?? null;
}
