/**
 * A row that a source sent and that could not be read. It costs itself alone: the page goes on, and whoever asked is told,
 * so that it ends in the sweep's quarantine.
 */
export interface RejectedRow {
  readonly rowId: string | null;
  readonly field: string;
  readonly found: string;
  readonly fix: string;
  /** Whose row it is; left out: the `vendor` of the port that was asked. */
  readonly source?: string | undefined;
  /** The vendor's own word for what was asked, such as `ec2:DescribeAddresses`. */
  readonly operation?: string | undefined;
  /** The asset it is about, where that is known: not read, which is not the same as gone. */
  readonly assetKey?: string | undefined;
}

/** What was read of an answer, and what was not. */
export interface Readings<T> {
  readonly rows: readonly T[];
  readonly rejected: readonly RejectedRow[];
}
