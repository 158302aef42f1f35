import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { awsErrorCode, mapAwsError } from '../errors.ts';

/**
 * Everything needed to build the load balancer again, as the API says it. Not interpreted by us, so not parsed field by field:
 * an export must keep what we do not know. Throws ProviderError; an incomplete export must not be followed by a deletion.
 */
export async function exportLoadBalancer(
  elb: ElasticLoadBalancingV2Client,
  arn: string,
): Promise<Record<string, unknown>> {
  try {
    const [balancers, attributes, tags, listeners, groups] = await Promise.all([
      elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
      elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn })),
      elb.send(new DescribeTagsCommand({ ResourceArns: [arn] })),
      allListeners(elb, arn),
      elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: arn })),
    ]);
    return plain({
      loadBalancer: balancers.LoadBalancers?.[0],
      attributes: attributes.Attributes,
      tags: tags.TagDescriptions?.[0]?.Tags,
      listeners: await sequence(listeners, (listener) => exportListener(elb, listener)),
      targetGroups: await sequence(groups.TargetGroups ?? [], async (group) => {
        const TargetGroupArn = group.TargetGroupArn;
        const [settings, health] = await Promise.all([
          elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
          elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
        ]);
        return { group, attributes: settings.Attributes, targets: health.TargetHealthDescriptions };
      }),
    });
  } catch (error) {
    throw mapAwsError(error, 'export of the load balancer');
  }
}

/** One cheap call. Throws ProviderError. */
export async function loadBalancerExists(elb: ElasticLoadBalancingV2Client, arn: string): Promise<boolean> {
  try {
    const answer = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    return (answer.LoadBalancers ?? []).some((lb) => lb.LoadBalancerArn === arn);
  } catch (error) {
    if (awsErrorCode(error) === 'LoadBalancerNotFound') return false;
    throw mapAwsError(error, 'elasticloadbalancing:DescribeLoadBalancers');
  }
}

async function allListeners(elb: ElasticLoadBalancingV2Client, arn: string): Promise<Listener[]> {
  const found: Listener[] = [];
  let marker: string | undefined;
  do {
    const page = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn, Marker: marker }));
    found.push(...(page.Listeners ?? []));
    marker = page.NextMarker;
  } while (marker);
  return found;
}

async function exportListener(elb: ElasticLoadBalancingV2Client, listener: Listener): Promise<Record<string, unknown>> {
  const ListenerArn = listener.ListenerArn;
  const rules = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  const secure = (listener.Certificates ?? []).length > 0;
  const certificates = secure ? await elb.send(new DescribeListenerCertificatesCommand({ ListenerArn })) : null;
  return { listener, rules: rules.Rules, certificates: certificates?.Certificates ?? [] };
}

async function sequence<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await map(item));
  return results;
}

/** Dates become text and absent fields vanish, as in any JSON store. */
function plain(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
