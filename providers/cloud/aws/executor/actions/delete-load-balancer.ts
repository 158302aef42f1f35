import { DeleteLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { deleteLoadBalancer as deletion } from '../../../shared/executor/actions/delete-load-balancer.ts';
import type { ActionContext } from '../context.ts';
import type { Effect } from '../effect.ts';
import { exportLoadBalancer, loadBalancerExists } from '../export-load-balancer.ts';

/** Target groups stay: they cost nothing and others may use them. */
export const deleteLoadBalancer = deletion({
  remove,
  exists,
  export: (ctx) => ctx.reading(({ elb }) => exportLoadBalancer(elb, ctx.plan.resourceId)),
  instructions:
    'Recreate the load balancer from the exported configuration (RESULT of the step "export"): load balancer, attributes, ' +
    'listeners, rules, certificates, tags; its target groups still exist. It gets a new DNS name: point records at it.',
});

function exists(ctx: ActionContext): Promise<boolean> {
  return ctx.reading(({ elb }) => loadBalancerExists(elb, ctx.plan.resourceId));
}

function remove(ctx: ActionContext, step: string, before: Record<string, unknown>): Effect {
  const arn = ctx.plan.resourceId;
  return {
    step,
    before,
    scope: { action: 'elasticloadbalancing:DeleteLoadBalancer', resources: [arn], role: 'destructive' },
    seen: async () => ((await exists(ctx)) ? null : { state: 'gone' }),
    dryRun: false,
    call: ({ elb }) => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })),
  };
}
