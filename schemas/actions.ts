/**
 * What can be done to an asset: one row for each action, read by everything that has to know one. Plain data without zod,
 * so that domain/ and workflows may read it. The letters A, B, C of an approval message are positions, not identities.
 * The key is the name in plans, rules, policies (`config/policies/schema.cedarschema`) and the audit trail, and stays.
 */
export const ACTIONS = {
  'stop-instance': {
    title: 'Secure stop',
    doing: 'stopping the instance',
    kind: 'instance',
    reversibility: 'reversible',
    phases: 1,
    // Azure bills a machine that was stopped without being deallocated: there is something left to stop.
    from: ['running', 'stopped-allocated'],
    end: { reached: ['stopped'], onTheWay: ['stopping'], gone: false },
    saving: 'compute',
  },
  'snapshot-and-terminate-instance': {
    title: 'Snapshot & terminate',
    doing: 'snapshot and termination of the instance',
    kind: 'instance',
    reversibility: 'restorable',
    phases: 2,
    from: null,
    end: { reached: ['terminated'], onTheWay: ['shutting-down'], gone: true },
    saving: 'compute-and-disks',
  },
  'resize-instance': {
    title: 'Downsize',
    doing: 'downsizing the instance',
    kind: 'instance',
    reversibility: 'reversible',
    phases: 1,
    from: ['running'],
    end: { reached: ['running'], onTheWay: ['pending'], gone: false },
    saving: 'price-difference',
  },
  'snapshot-and-delete-volume': {
    title: 'Snapshot & delete volume',
    doing: 'snapshot and deletion of the volume',
    kind: 'volume',
    reversibility: 'restorable',
    phases: 2,
    from: null,
    end: { reached: ['deleted'], onTheWay: ['deleting'], gone: true },
    saving: 'disk-less-snapshot',
  },
  'release-address': {
    title: 'Release address',
    doing: 'releasing the address',
    kind: 'address',
    reversibility: 'irreversible',
    phases: 1,
    from: null,
    end: { reached: [], onTheWay: [], gone: true },
    saving: 'address',
  },
  'delete-load-balancer': {
    title: 'Delete load balancer',
    doing: 'deleting the load balancer',
    kind: 'load-balancer',
    reversibility: 'irreversible',
    phases: 1,
    from: null,
    end: { reached: [], onTheWay: [], gone: true },
    saving: 'load-balancer',
  },
  'stop-database': {
    title: 'Stop database',
    doing: 'stopping the database',
    kind: 'database',
    reversibility: 'reversible',
    phases: 1,
    from: ['available'],
    end: { reached: ['stopped'], onTheWay: ['stopping'], gone: false },
    saving: 'database',
  },
} as const satisfies Readonly<Record<string, ActionRow>>;

export interface ActionRow {
  /** What it is called wherever people read it. */
  readonly title: string;
  /** `approval of stopping the instance`. */
  readonly doing: string;
  readonly kind: 'instance' | 'volume' | 'address' | 'load-balancer' | 'database';
  /** `restorable`: the data comes back from a snapshot, under another id. `irreversible`: an address or name is lost. */
  readonly reversibility: 'reversible' | 'restorable' | 'irreversible';
  /** 2: snapshots and a hold come before what destroys. */
  readonly phases: 1 | 2;
  /** States in which there is something to do. Null: any; the checklist says what may be refused. */
  readonly from: readonly string[] | null;
  /** What the cloud must show afterwards; `gone`: not finding it any more is what was wanted. */
  readonly end: { readonly reached: readonly string[]; readonly onTheWay: readonly string[]; readonly gone: boolean };
  /** How the saving is computed; domain/savings.ts has the formulas. */
  readonly saving:
    | 'compute'
    | 'compute-and-disks'
    | 'price-difference'
    | 'disk-less-snapshot'
    | 'address'
    | 'load-balancer'
    | 'database';
}

export type ActionKey = keyof typeof ACTIONS;

/** In the order in which the table has them. */
export const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionKey[];
