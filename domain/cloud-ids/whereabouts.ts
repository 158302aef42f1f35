import type { CloudProvider, ResourceType } from '../../schemas/resource-type.ts';
import { type Reading, read } from './reading.ts';
import { regionOf } from './regions.ts';

/** What a source says of an asset beside its id. What the id says itself is believed before this. */
export interface Whereabouts {
  /** In any spelling; see {@link accountOf}. */
  readonly accountId?: string | null | undefined;
  /** Region, zone or display name; see {@link regionOf}. */
  readonly region?: string | null | undefined;
  /** Completes ids that show no type of their own, such as the name of a database. */
  readonly resourceType?: ResourceType | null | undefined;
  /** Google Cloud: the name, where the id is a number. */
  readonly name?: string | null | undefined;
  /** Google Cloud: the number of the project `accountId`, where a name has the number instead. */
  readonly projectNumber?: string | null | undefined;
}

/** What is known of an id before its type is: its one spelling, and where it is. */
export interface Place {
  readonly key: string;
  readonly accountId: string;
  /** Null where neither the id nor the source says. */
  readonly region: Reading<string | null>;
  readonly resourceType: ResourceType | null;
  readonly resourceId: string;
}

/** What the source says of the region. */
export function regionSaid(provider: CloudProvider, { region }: Whereabouts): Reading<string | null> {
  return region ? regionOf(provider, region) : read(null);
}
