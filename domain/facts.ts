import type { CloudFacts } from '../schemas/cloud-facts.ts';

/** When the cloud says the asset came to be; addresses carry no date. An instance's launch time moves on restart: too young, never too old. */
export function createdAtOf(facts: CloudFacts): string | null {
  switch (facts.kind) {
    case 'instance':
      return facts.launchTime;
    case 'volume':
    case 'database':
    case 'resource':
      return facts.createTime;
    case 'load-balancer':
      return facts.createdTime;
    case 'address':
      return null;
  }
}
