import type { Rule, RuleCondition, RuleLimit } from '../../schemas/rules.ts';

/** When a rule holds, for a person to read. Every threshold of the rule is in it. */
export function thresholdsInWords(rule: Rule): string {
  switch (rule.check) {
    case 'instance-idle': {
      const t = rule.thresholds;
      return (
        `running; p95 of CPU < ${t.cpuP95Percent} %, no sample >= ${t.cpuMaxPercent} %; p95 of bytes in + out a day < ` +
        `${bytes(t.networkP95DayBytes)}, no day >= ${bytes(t.networkMaxDayBytes)}; accelerators < ${t.acceleratorMaxPercent} %; ${peaks(t)}`
      );
    }
    case 'instance-over-provisioned': {
      const t = rule.thresholds;
      return (
        `running; p99 of CPU <= ${t.cpuP99Percent} %, no sample >= ${t.cpuMaxPercent} %; p99 of memory <= ` +
        `${t.memoryP99Percent} %; half the size keeps ${t.headroomRatio * 100} % headroom, and the next size fits`
      );
    }
    case 'instance-stopped':
      return `${rule.thresholds.state ?? 'stopped'} for >= ${rule.thresholds.stoppedDays} d`;
    case 'volume-unattached':
      return `attached to nothing and silent for >= ${rule.thresholds.unattachedDays} d`;
    case 'volume-idle-io':
      return `attached; operations <= ${rule.thresholds.maxOperations}`;
    case 'address-unassociated':
      return `bound to nothing; >= ${rule.thresholds.unassociatedDays} d old`;
    case 'load-balancer-no-targets':
      return `no registered target; >= ${rule.thresholds.emptyDays} d old`;
    case 'load-balancer-idle-traffic': {
      const { maxRequestsPerDay, maxOpenConnections, maxBytesPerDay } = rule.thresholds;
      const limits = [
        maxRequestsPerDay === undefined ? [] : `${maxRequestsPerDay} requests or flows`,
        maxBytesPerDay === undefined ? [] : bytes(maxBytesPerDay),
      ].flat();
      const open =
        maxOpenConnections === undefined ? '' : `; p95 of open connections <= ${maxOpenConnections}, most hours none`;
      return `every day < ${limits.join(' and < ')}${open}`;
    }
    case 'database-idle': {
      const t = rule.thresholds;
      const load = `p95 of CPU < ${t.cpuP95Percent} %, no sample >= ${t.cpuMaxPercent} %`;
      return t.maxConnections === undefined
        ? `available; ${load}; ${peaks(t)}`
        : `available; connections <= ${t.maxConnections}; ${load}`;
    }
    case 'resource-unused':
      return [...rule.thresholds.conditions.map(conditionInWords), ...rule.thresholds.limits.map(limitInWords)].join(
        '; ',
      );
  }
}

/** How far back a rule looks: the daily pass, the verdict, the longest evidence. */
export function windowsInWords({ windows: w, metrics }: Rule): string {
  return metrics.length === 0 ? 'state' : `${w.nominationDays}/${w.confidenceDays}/${w.extendedDays} d`;
}

function conditionInWords(c: RuleCondition): string {
  if (c.is !== undefined) return `${c.attribute} is ${list(c.is)}`;
  if (c.isNot !== undefined) return `${c.attribute} is not ${list(c.isNot)}`;
  if (c.atMost !== undefined) return `${c.attribute} <= ${c.atMost}`;
  if (c.atLeast !== undefined) return `${c.attribute} >= ${c.atLeast}`;
  if (c.olderThanDays !== undefined) return `${c.attribute} >= ${c.olderThanDays} d ago`;
  return c.present === true ? `has ${c.attribute}` : `no ${c.attribute}`;
}

const FIGURE: Readonly<Record<RuleLimit['of'], string>> = {
  max: 'no sample of',
  p95: 'p95 of',
  p99: 'p99 of',
  sum: 'sum of',
  maxDaySum: 'on every day',
};

function limitInWords({ metric, of, atMost }: RuleLimit): string {
  return `${FIGURE[of]} ${metric} ${of === 'max' ? '>' : '<='} ${atMost}`;
}

function peaks(t: { peakFactor: number; peakFloorPercent: number; monthEdgeDays: number }): string {
  return `no load that comes back (days above ${t.peakFloorPercent} % and ${t.peakFactor} x the median; month-end ${t.monthEdgeDays} d)`;
}

function list(values: NonNullable<RuleCondition['is']>): string {
  return typeof values === 'object' ? values.join(' or ') : String(values);
}

function bytes(n: number): string {
  if (n >= 1e6) return `${n / 1e6} MB`;
  return n >= 1e3 ? `${n / 1e3} kB` : `${n} B`;
}
