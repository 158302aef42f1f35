import type { MemoryPort } from '../../ports/memory.ts';

/** No memory: nothing is recalled, nothing kept, and no assessment changes. */
export function createNoMemory(): MemoryPort {
  return {
    vendor: 'none',
    k: 0,
    pseudonym: () => 'owner-aaaaaaaaaaaa',
    recall: async () => ({ guidance: [], cautions: [], similar: [], ranking: { model: 'none', fallback: null } }),
    remember: async () => '',
    check: async () => 'no memory configured; cases are assessed without guidance and past cases',
    close: async () => undefined,
  };
}
