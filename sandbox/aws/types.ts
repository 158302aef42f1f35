import type { Estate } from '../estate/types.ts';
import type { Simulator } from '../kit/simulator.ts';
import type { Look } from './look.ts';
import type { World } from './world.ts';

export interface AwsEndpointOptions {
  readonly estate: Estate;
  /** A running `moto_server` that nobody else uses. Its state is replaced. */
  readonly motoUrl: string;
  /** Where mutations are recorded, so that the estate comes back after a restart. Left out: nothing survives. */
  readonly stateFile?: string;
  /** ISO instant; freezes the endpoint's clock for metrics, bills and ages (not for credential expiry). */
  readonly fixedNow?: string;
  /** How long stopping, starting, terminating and snapshotting take. @default 300 */
  readonly transitionMs?: number;
  /** Services with resource-level data switched on in Cost Explorer. @default compute, EC2 - Other, load balancing, VPC, RDS */
  readonly resourceLevelServices?: readonly string[];
  /** Rows on one page of a Cost Explorer answer. @default 5000 */
  readonly costPageRows?: number;
}

/** A request that changes something, as the endpoint saw it. */
export interface Mutation {
  readonly at: string;
  /** e.g. `ec2:StopInstances`. */
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** Ids, and for load balancers ARNs, named by the request or created by it. */
  readonly resourceIds: readonly string[];
  readonly roleName: string;
  readonly sessionName: string;
  readonly sourceIdentity: string | null;
  readonly dryRun: boolean;
  /** Null when it took effect (for a dry run: when it would have). */
  readonly errorCode: string | null;
}

export type WorldChange =
  /** From now on (and for the past hour) the asset is busy. */
  | { do: 'busy'; resourceId: string }
  /** By an IAM user; left out: `jane.ops`, whom no directory knows. */
  | { do: 'retag'; resourceId: string; key: string; value: string; by?: string }
  | { do: 'terminate'; resourceId: string }
  | { do: 'stop'; resourceId: string }
  /** Starting it fails while it has `instanceType`; left out: any type but the one it has right now. `clear` disarms. */
  | { do: 'no-capacity'; resourceId: string; instanceType?: string; clear?: boolean }
  /** The next snapshots of this volume end in `error`, or never end. */
  | { do: 'snapshot-fails' | 'snapshot-stuck'; resourceId: string }
  /** Its key's own policy lets nobody use this key any more, whatever IAM says; `clear` disarms. */
  | { do: 'deny-key'; keyArn: string; clear?: boolean }
  /** Its status checks fail from now on. */
  | { do: 'impaired'; resourceId: string }
  /** From now on the bill states its cost wrongly. */
  | { do: 'bill-error'; resourceId: string; kind: 'negative' | 'nan' | 'currency' | 'tenfold' }
  /** Every temporary credential issued so far stops working. */
  | { do: 'expire-credentials' };

/**
 * One endpoint for every AWS API of the sandbox. Beside the kit's `/__sim/*` routes:
 *   GET  /__sim/mutations         every mutating request, with who and what
 *   POST /__sim/world             a WorldChange
 *   POST /__sim/clock             { advanceDays }: the bill runs that many days ahead of the clock
 */
export interface AwsEndpoint extends Simulator {
  readonly mutations: () => readonly Mutation[];
  /** Effects that took place: not dry runs, not refused, not by a person behind Idlewise's back. `effects('ec2:StopInstances', 'i-…').length === 1`. */
  readonly effects: (operation: string, resourceId: string) => readonly Mutation[];
  readonly world: (change: WorldChange) => Promise<void>;
  readonly advanceBill: (days: number) => void;
  /** What the other systems of the estate see of its assets. */
  readonly look: Look;
  /** What the bill is computed from, for other platforms that state the same money. */
  readonly billWorld: World;
  /** Cost Explorer requests answered so far: what AWS would have charged 0.01 USD each for. */
  readonly billableRequests: () => number;
  readonly cloudWatchRequests: () => number;
}
