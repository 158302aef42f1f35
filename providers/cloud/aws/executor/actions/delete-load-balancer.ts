import { DeleteLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancerFacts } from '../../../../../schemas/cloud-facts.ts';
import { assertApproved } from '../approved.ts';
import { type ActionContext, checkpoint, pollUntil, recallBegun } from '../context.ts';
import { runEffect } from '../effect.ts';
import { exportLoadBalancer, loadBalancerExists } from '../export-load-balancer.ts';
import { type AwsAction, goneResult, needsHuman } from './action.ts';

/** Exports the whole configuration, then deletes. Target groups stay: they cost nothing and others may use them. */
export const deleteLoadBalancer: AwsAction = {
  async apply(ctx) {
    const arn = ctx.plan.resourceId;
    const begun = (await recallBegun(ctx, ['delete'])).has('delete');
    const now = await lookLoadBalancer(ctx);
    if (now === null) {
      if (!begun) return goneResult(ctx, []);
      await ctx.log.result('delete', { state: 'gone', reconstructed: true });
      return { result: 'applied', detail: { state: 'deleted' } };
    }
    await assertApproved(ctx, { now, turnedBack: now });
    const configuration = await ctx.reading(({ elb }) => exportLoadBalancer(elb, arn));
    await checkpoint(ctx);
    // Durable before the deletion: afterwards nobody can read it any more.
    await ctx.log.result('export', { configuration });
    const exists = () => ctx.reading(({ elb }) => loadBalancerExists(elb, arn));
    const by = await runEffect(ctx, {
      step: 'delete',
      before: { facts: now, configuration },
      scope: { action: 'elasticloadbalancing:DeleteLoadBalancer', resources: [arn], role: 'destructive' },
      seen: async () => ((await exists()) ? null : { state: 'gone' }),
      dryRun: false,
      call: ({ elb }) => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })),
    });
    await pollUntil(ctx, {
      what: 'deleted',
      timeoutMs: ctx.waits.transitionTimeoutMs,
      killable: false,
      look: async () => ((await exists()) ? undefined : true),
    });
    if (by === 'others') return goneResult(ctx, []);
    return { result: 'applied', detail: { before: now, configuration, state: 'deleted' } };
  },

  async rollback(ctx) {
    if ((await lookLoadBalancer(ctx)) !== null)
      return { result: 'already-satisfied', detail: { state: 'still-there' } };
    if (!(await ctx.log.hasIntent('delete'))) return goneResult(ctx, []);
    return needsHuman('restore-by-hand', {
      instructions:
        'Recreate the load balancer from the exported configuration (RESULT of the step "export"): load balancer, attributes, ' +
        'listeners, rules, certificates, tags; its target groups still exist. It gets a new DNS name: point records at it.',
    });
  },
};

async function lookLoadBalancer(ctx: ActionContext): Promise<LoadBalancerFacts | null> {
  const facts = await ctx.look();
  return facts?.resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer' ? facts : null;
}
