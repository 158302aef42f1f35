export interface Verdict {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** A budget an hour for each part of the API, full again when the hour is over. */
export function createLimits(options: {
  readonly requestsPerHour: number;
  readonly headers: boolean;
  readonly clock: () => number;
}): (part: string) => Verdict {
  const { requestsPerHour, clock } = options;
  const hours = new Map<string, { began: number; used: number }>();
  return (part) => {
    const now = clock();
    const known = hours.get(part);
    const hour = known && now - known.began < 3_600_000 ? known : { began: now, used: 0 };
    hours.set(part, hour);
    const allowed = hour.used < requestsPerHour;
    if (allowed) hour.used++;
    const reset = Math.max(1, Math.ceil((hour.began + 3_600_000 - now) / 1000));
    const headers = {
      'RateLimit-Limit': String(requestsPerHour),
      'RateLimit-Remaining': String(requestsPerHour - hour.used),
      'RateLimit-Reset': String(reset),
    };
    return { allowed, headers: options.headers ? headers : {} };
  };
}

/** The budget a path counts to: `Inventory`, `Alerts`, `Vulnerabilities/Hosts`. */
export function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'Vulnerabilities' || first === 'Entities' ? `${first}/${second}` : first;
}
