import type { Rule } from '../../schemas/rules.ts';
import { checkAddressUnassociated } from './checks/address-unassociated.ts';
import { checkDatabaseIdle } from './checks/database-idle.ts';
import { checkInstanceIdle } from './checks/instance-idle.ts';
import { checkInstanceOverProvisioned } from './checks/instance-over-provisioned.ts';
import { checkInstanceStopped } from './checks/instance-stopped.ts';
import { checkLoadBalancerIdleTraffic } from './checks/load-balancer-idle-traffic.ts';
import { checkLoadBalancerNoTargets } from './checks/load-balancer-no-targets.ts';
import { checkResourceUnused } from './checks/resource-unused.ts';
import { checkVolumeIdleIo } from './checks/volume-idle-io.ts';
import { checkVolumeUnattached } from './checks/volume-unattached.ts';
import type { Prepared, WindowName } from './types.ts';
import type { Finding } from './verdict.ts';

/** The function behind `rule.check`. Exhaustive: a new check breaks compilation here. */
export function runCheck(prepared: Prepared, window: WindowName): Finding {
  const { subject, series, accelerators, answers } = prepared;
  const rule: Rule = prepared.rule;
  switch (rule.check) {
    case 'instance-idle':
      return checkInstanceIdle({ rule, subject, series, accelerators, answers }, window);
    case 'instance-over-provisioned':
      return checkInstanceOverProvisioned({ rule, subject, series, accelerators, answers }, window);
    case 'instance-stopped':
      return checkInstanceStopped({ rule, subject, series, accelerators, answers }, window);
    case 'volume-unattached':
      return checkVolumeUnattached({ rule, subject, series, accelerators, answers }, window);
    case 'volume-idle-io':
      return checkVolumeIdleIo({ rule, subject, series, accelerators, answers }, window);
    case 'address-unassociated':
      return checkAddressUnassociated({ rule, subject, series, accelerators, answers });
    case 'load-balancer-no-targets':
      return checkLoadBalancerNoTargets({ rule, subject, series, accelerators, answers });
    case 'load-balancer-idle-traffic':
      return checkLoadBalancerIdleTraffic({ rule, subject, series, accelerators, answers }, window);
    case 'database-idle':
      return checkDatabaseIdle({ rule, subject, series, accelerators, answers }, window);
    case 'resource-unused':
      return checkResourceUnused({ rule, subject, series, accelerators, answers }, window);
  }
}
