import { ACTIONS, type ActionRow } from '../../schemas/actions.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { Plan } from '../../schemas/option.ts';

export type StateCheck = 'reached' | 'not-yet' | 'wrong';

/** Whether the cloud now shows what the plan promised. Null facts: the asset is gone. */
export function expectedState(plan: Plan, facts: CloudFacts | null): StateCheck {
  const { kind, end }: ActionRow = ACTIONS[plan.action];
  if (facts === null) return end.gone ? 'reached' : 'wrong';
  if (facts.kind !== kind) return 'wrong';
  const target = plan.parameters['targetInstanceType'];
  if (plan.action === 'resize-instance' && (facts.kind !== 'instance' || facts.instanceType !== target)) return 'wrong';
  if (end.reached.includes(facts.state)) return 'reached';
  return end.onTheWay.includes(facts.state) ? 'not-yet' : 'wrong';
}
