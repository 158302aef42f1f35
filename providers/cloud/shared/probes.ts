import pLimit from 'p-limit';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

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
}

const AT_ONCE = 4;

/**
 * Tries everything and says all of it. @throws ProviderError naming each call that was refused, where, and how to mend it
 */
export async function tryProbes({ vendor, probes, grant, unproved }: Probing): Promise<string> {
  const limit = pLimit(AT_ONCE);
  const failures = await Promise.all(probes.map((probe) => limit(() => failureOf(probe))));
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

async function failureOf({ run }: Probe): Promise<ProviderError | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.kind === ProviderErrorKind.NotFound ? null : error;
  }
}
