import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { Plan } from '../../schemas/option.ts';

export type StateCheck = 'reached' | 'not-yet' | 'wrong';

/** Whether the cloud now shows what the plan promised. Null facts: the asset is gone. */
export function expectedState(plan: Plan, facts: CloudFacts | null): StateCheck {
  switch (plan.action) {
    case 'stop-instance':
      if (facts?.kind !== 'instance') return 'wrong';
      return facts.state === 'stopped' ? 'reached' : facts.state === 'stopping' ? 'not-yet' : 'wrong';
    case 'snapshot-and-terminate-instance':
      if (facts === null) return 'reached';
      return facts.state === 'terminated' ? 'reached' : facts.state === 'shutting-down' ? 'not-yet' : 'wrong';
    case 'resize-instance':
      if (facts?.kind !== 'instance') return 'wrong';
      if (facts.instanceType !== plan.parameters['targetInstanceType']) return 'wrong';
      return facts.state === 'running' ? 'reached' : facts.state === 'pending' ? 'not-yet' : 'wrong';
    case 'snapshot-and-delete-volume':
      if (facts === null) return 'reached';
      return facts.state === 'deleted' ? 'reached' : facts.state === 'deleting' ? 'not-yet' : 'wrong';
    case 'stop-database':
      if (facts?.kind !== 'database') return 'wrong';
      return facts.state === 'stopped' ? 'reached' : facts.state === 'stopping' ? 'not-yet' : 'wrong';
    case 'release-address':
    case 'delete-load-balancer':
      return facts === null ? 'reached' : 'wrong';
  }
}
