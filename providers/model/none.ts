import type { ModelPort } from '../../ports/model.ts';

/** No model: the rules' assessment stands. */
export function createNoModel(): ModelPort {
  return {
    vendor: 'none',
    assess: async () => ({ ok: false, failure: 'not-configured', exchange: null }),
    check: async () => 'no model configured; the rules assess alone',
  };
}
