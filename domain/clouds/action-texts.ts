import { ACTIONS, type ActionKey } from '../../schemas/actions.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { ActionTexts, CloudKnowledge, TypeChange } from './port.ts';

type FactsOf<A extends ActionKey> = Extract<CloudFacts, { kind: (typeof ACTIONS)[A]['kind'] }>;

/** The texts of every action in one cloud, from facts of the kind the action is about. Null: it does not exist there. */
export type ActionTextTable = {
  readonly [A in ActionKey]:
    | ((asset: AssetRecord['asset'], facts: FactsOf<A> | null, change: TypeChange) => ActionTexts)
    | null;
};

/** Looks the texts of an action up in a cloud's table. */
export function textsFrom(table: ActionTextTable): CloudKnowledge['texts'] {
  return (action, { asset, facts }, change) => {
    const fitting = facts?.kind === ACTIONS[action].kind ? facts : null;
    // The table's type pairs action and kind; a look-up by any action forgets the pairing, the line above keeps it.
    return table[action]?.(asset, fitting as never, change) ?? null;
  };
}
