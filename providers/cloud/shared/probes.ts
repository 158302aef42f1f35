import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { PAUSES_MS } from '../../http/again.ts';

/** One call that a sweep makes, made once with next to nothing to read. */
export interface Probe {
  /** As whoever grants it has to write it: `ec2:DescribeVolumes`, `compute.disks.list`. */
  readonly permission: string;
  /** Account, subscription or project, with the region where it matters. */
  readonly place: string;
  /** Throws ProviderError. "There is no such thing" proves the right to ask. */
  run(): Promise<unknown>;
}

export interface Probing {
  readonly vendor: string;
  readonly probes: readonly Probe[];
  /** How the rights are given, as the end of "mend it: …". */
  readonly grant: string;
  /** What cannot be tried without an asset, and would only show later. */
  readonly unproved: readonly string[];
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

const AT_ONCE = 4;

/**
 * Tries everything and says all of it. @throws ProviderError naming each call that was refused, where, and how to mend it
 */
export async function tryProbes(probing: Probing): Promise<string> {
  const { vendor, probes, grant, unproved, sleep = (ms: number) => delay(ms) } = probing;
  const limit = pLimit(AT_ONCE);
  const failures: (ProviderError | null)[] = await Promise.all(probes.map((probe) => limit(() => failureOf(probe))));
  // A role that was given, or a project that was made, a moment ago is not known everywhere yet: asked again before it is a verdict.
  for (const pause of PAUSES_MS) {
    const doubtful = probes.map((probe, i) => ({ probe, i })).filter(({ i }) => isVerdict(failures[i] ?? null));
    if (doubtful.length === 0) break;
    await sleep(pause);
    await Promise.all(doubtful.map(({ probe, i }) => limit(async () => void (failures[i] = await failureOf(probe)))));
  }
  const failed = probes.flatMap((probe, i) => {
    const error = failures[i];
    return error ? [{ probe, error }] : [];
  });
  const places = new Set(probes.map((probe) => probe.place)).size;
  const [first] = failed;
  if (first === undefined) {
    const later = unproved.length === 0 ? '' : `; not proved: ${unproved.join(', ')}`;
    return `${vendor}: ${probes.length} calls answered in ${places} place(s)${later}`;
  }
  const worst = failed.find(({ error }) => error.kind === ProviderErrorKind.Unauthorised) ?? first;
  const told = failed.map(({ probe, error }) => `${probe.permission} in ${probe.place} (${error.message})`);
  throw new ProviderError({
    kind: worst.error.kind,
    provider: vendor,
    operation: worst.probe.permission,
    message: `${failed.length} of ${probes.length} calls failed: ${told.join('; ')}; mend it: ${grant}`,
    cause: worst.error,
    ...(worst.error.retryAfterMs === undefined ? {} : { retryAfterMs: worst.error.retryAfterMs }),
  });
}

/** About rights or configuration, and not about the moment. */
function isVerdict(error: ProviderError | null): boolean {
  return error !== null && (error.kind === ProviderErrorKind.Unauthorised || error.kind === ProviderErrorKind.Terminal);
}

async function failureOf({ run }: Probe): Promise<ProviderError | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.kind === ProviderErrorKind.NotFound ? null : error;
  }
}
