import { deleteLoadBalancer } from '../../../shared/executor/actions/delete-load-balancer.ts';
import { mapAzureError } from '../../errors.ts';
import { getOrNull } from '../../reader/list-all.ts';
import type { ActionContext } from '../context.ts';
import { drive } from '../drive.ts';
import { placeOf } from '../place.ts';
import { common, every, scopeOf } from '../vm-steps.ts';

const READ = 'Microsoft.Network/loadBalancers/read';

/** A load balancer without machines behind it. Its public address stays, and stays billed. */
export const deleteAzureLoadBalancer = deleteLoadBalancer({
  remove: (ctx, step, before) => ({
    ...common(ctx, step, before),
    scope: scopeOf(ctx, 'Microsoft.Network/loadBalancers/delete', 'destructive'),
    seen: async () => ((await exists(ctx)) ? null : { state: 'gone' }),
    call: ({ network }) =>
      drive(ctx, step, () => {
        const { resourceGroup, name } = placeOf(ctx.plan);
        return network.loadBalancers.beginDelete(resourceGroup, name, every(ctx));
      }),
  }),
  exists,
  async export(ctx) {
    const { resourceGroup, name } = placeOf(ctx.plan);
    const loadBalancer = await ctx.reading(({ network }) =>
      network.loadBalancers.get(resourceGroup, name).catch((error: unknown) => {
        throw mapAzureError(error, READ);
      }),
    );
    // As Azure says it, not interpreted by us: an export must keep what we do not know.
    return JSON.parse(JSON.stringify({ loadBalancer })) as Record<string, unknown>;
  },
  instructions:
    'Create the load balancer again from the exported configuration (RESULT of the step "export"): frontends, pools, probes, ' +
    'rules, outbound rules, tags. Its public address still exists and can be used again, so the address stays the same.',
});

async function exists(ctx: ActionContext): Promise<boolean> {
  const { resourceGroup, name } = placeOf(ctx.plan);
  return (await ctx.reading(({ network }) => getOrNull(network.loadBalancers.get(resourceGroup, name), READ))) !== null;
}
