import { createHmac } from 'node:crypto';
import { featuresOf, HASHED, hashedVector } from '../../../domain/memory/ngram-vector.ts';
import { caseText } from '../../../domain/memory/text.ts';
import { admit } from '../admit.ts';
import type { MemoryKeeper } from '../../../ports/memory.ts';
import type { MemoryRecords } from '../records.ts';

const DAY_MS = 86_400_000;

export interface KeeperOptions {
  readonly tenant: string;
  readonly records: MemoryRecords;
  /** In milliseconds. @default one year */
  readonly remembersFor?: number;
}

/**
 * Writes with hashed vectors only, so that whoever closes a case needs no key of an embeddings endpoint; vectors of an
 * endpoint are made later, where cases are assessed. @throws ProviderError when the database cannot be reached
 */
export async function createKeeper({ tenant, records, remembersFor }: KeeperOptions): Promise<MemoryKeeper> {
  const salt = await records.salt();
  const letters = (text: string, length: number) =>
    lettersOf(createHmac('sha256', salt).update(text).digest('hex'), length);
  return {
    pseudonym: (text) => `owner-${letters(`owner\0${text}`, 12)}`,

    async remember({ caseId, ...memory }) {
      const kind = memory.end === 'rejected' ? 'rejection' : 'case';
      const past = admit({ ...memory, kind, id: `mem-${letters(`case\0${tenant}\0${caseId}`, 24)}` });
      const text = caseText(past.facets, past);
      const embedded = { ...HASHED, vector: hashedVector(featuresOf(text)) };
      const expiresOn = new Date(Date.parse(past.closedOn) + (remembersFor ?? 365 * DAY_MS));
      await records.put([{ id: past.id, kind, text, past, embedded, expiresOn }]);
      return past.id;
    },
    close: () => records.close(),
  };
}

/** Hexadecimal as letters a–p: nothing in it can be taken for a number or an identifier. */
function lettersOf(hex: string, length: number): string {
  return [...hex.slice(0, length)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}
