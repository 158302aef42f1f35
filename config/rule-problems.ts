import { kindOf, providerOf } from '../domain/resource-kinds.ts';
import { trafficLimit } from '../domain/detection/checks/load-balancer-idle-traffic.ts';
import type { ResourceKind } from '../schemas/resource-type.ts';
import type { Rule } from '../schemas/rules.ts';

interface RuleProblem {
  readonly path: readonly PropertyKey[];
  readonly fix: string;
}

/** What each check can judge, and how many series it reads at least and at most. */
const NEEDS: Readonly<Record<Rule['check'], { kind: ResourceKind | 'any'; series: readonly [number, number] }>> = {
  'instance-idle': { kind: 'instance', series: [3, 3] },
  'instance-over-provisioned': { kind: 'instance', series: [2, 2] },
  'instance-stopped': { kind: 'instance', series: [0, 1] },
  'volume-unattached': { kind: 'volume', series: [2, 2] },
  'volume-idle-io': { kind: 'volume', series: [2, 2] },
  'address-unassociated': { kind: 'address', series: [0, 0] },
  'load-balancer-no-targets': { kind: 'load-balancer', series: [0, 0] },
  'load-balancer-idle-traffic': { kind: 'load-balancer', series: [1, 8] },
  'database-idle': { kind: 'database', series: [1, 2] },
  'resource-unused': { kind: 'any', series: [0, 8] },
};

/** What a rule's own schema cannot see: whether its parts belong together. Paths are within the rule. */
export function rulePlaceProblems(rule: Rule): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const { kind, series } = NEEDS[rule.check];
  const about = kindOf(rule.resourceType);
  const provider = providerOf(rule.resourceType);
  if (provider !== rule.provider)
    problems.push({ path: ['resourceType'], fix: `must be a type of ${rule.provider}; this one is of ${provider}` });
  if (!rule.id.startsWith(`${rule.provider}-`))
    problems.push({ path: ['id'], fix: `must start with ${rule.provider}-` });
  if (kind !== 'any' && kind !== about)
    problems.push({ path: ['check'], fix: `judges a ${kind}, and ${rule.resourceType} is a ${about}` });
  // Series of accelerators are read by what they are, not by their place, and come after those that are.
  const placed = rule.metrics.findIndex((m) => m.accelerator === true);
  const read = placed < 0 ? rule.metrics.length : placed;
  rule.metrics.forEach((m, i) => {
    if (i > read && m.accelerator === undefined)
      problems.push({ path: ['metrics', i], fix: 'must come before the series of accelerators' });
    if (m.accelerator === true && rule.check !== 'instance-idle')
      problems.push({ path: ['metrics', i], fix: 'must be left out: only instance-idle reads accelerators' });
  });
  if (read < series[0] || read > series[1])
    problems.push({ path: ['metrics'], fix: `must be ${series[0]} to ${series[1]} series for ${rule.check}` });
  return [...problems, ...actionProblems(rule, about), ...thresholdProblems(rule)];
}

function actionProblems(rule: Rule, about: ResourceKind): RuleProblem[] {
  if (rule.kind === 'info')
    return rule.options.length === 0
      ? []
      : [{ path: ['options'], fix: 'must be left out: what is only reported leads to no action' }];
  if (about === 'resource')
    return [{ path: ['kind'], fix: `must be info: nothing can be done to a ${rule.resourceType}` }];
  return rule.options.length > 0 ? [] : [{ path: ['options'], fix: 'must name at least one action' }];
}

function thresholdProblems(rule: Rule): RuleProblem[] {
  if (rule.check === 'database-idle')
    return rule.metrics.length === (rule.thresholds.maxConnections === undefined ? 1 : 2)
      ? []
      : [{ path: ['metrics'], fix: 'must be connections and CPU with maxConnections, CPU alone without' }];
  if (rule.check === 'load-balancer-idle-traffic')
    return rule.metrics.flatMap((m, i) =>
      trafficLimit(rule, m) === undefined ? [{ path: ['metrics', i], fix: 'must have a limit, or be left out' }] : [],
    );
  if (rule.check !== 'resource-unused') return [];
  const problems: RuleProblem[] = [];
  const { conditions, limits } = rule.thresholds;
  limits.forEach((limit, i) => {
    if (!rule.metrics.some((m) => m.metric === limit.metric))
      problems.push({ path: ['thresholds', 'limits', i, 'metric'], fix: 'must be one of the metrics of the rule' });
  });
  for (const [i, { metric }] of rule.metrics.entries())
    if (!limits.some((limit) => limit.metric === metric))
      problems.push({ path: ['metrics', i], fix: 'must have a limit, or be left out' });
  // What a copy of a configuration does not mention is only absent when the copy is known to hold anything at all.
  const known = conditions.some((c) => c.present !== false && !c.attribute.startsWith('facts.'));
  conditions.forEach((condition, i) => {
    if (condition.present === false && !condition.attribute.startsWith('facts.') && !known)
      problems.push({
        path: ['thresholds', 'conditions', i],
        fix: 'must stand beside a condition on an attribute that is there: an empty copy has nothing',
      });
  });
  return problems;
}
