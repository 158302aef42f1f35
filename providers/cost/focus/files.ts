import { opendir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { kindOf } from './kind-of.ts';

/** Data files in reading order, and what was passed over, with the reason. */
export interface FocusFiles {
  readonly files: readonly string[];
  readonly passedOver: readonly { readonly file: string; readonly reason: string }[];
}

/** Names under which a file is a bill for sure, damaged or not; what is called otherwise is looked into. */
const DATA = /\.(csv|csv\.gz|parquet)$/i;
const PARTITION = /^BILLING_PERIOD=\d{4}-\d{2}$/i;
/** Months of exports whose deliveries are named at random, Azure's and old ones of AWS: `20250101-20250131/<delivery>/…`. */
const MONTH = /^\d{8}-\d{8}$/;

/**
 * One file, or every bill below a folder. An export that keeps its versions has one folder per delivery below
 * `BILLING_PERIOD=YYYY-MM`: only the newest is read, or every charge would count several times.
 * @throws Error when the path is not there, or when a month is there twice and nothing tells which is newer.
 */
export async function focusFiles(path: string): Promise<FocusFiles> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Error(`${path} is not there; name a FOCUS file (.csv, .csv.gz, .parquet) or a folder of them`);
  if (found.isFile()) return { files: [path], passedOver: [] };
  const files: string[] = [];
  const passedOver: { file: string; reason: string }[] = [];
  for await (const entry of await opendir(path, { recursive: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!(entry.isFile() || (entry.isSymbolicLink() && (await stat(file).catch(() => null))?.isFile()))) continue;
    const kind = DATA.test(entry.name) ? 'bill' : /\.zip$/i.test(entry.name) ? 'packed' : await kindOf(file);
    if (kind === 'bill' || kind === 'parquet') files.push(file);
    else if (kind === 'packed') passedOver.push({ file, reason: 'unpack it first' });
    // A manifest or a readme is passed over without a word: it lies beside every export.
    else if (kind === 'table') passedOver.push({ file, reason: 'its first line names no columns of a bill' });
  }
  refuseTwice(files, path);
  const newest = newestDeliveries(files, path);
  for (const file of files) {
    const superseded = newest.get(partitionOf(file, path)?.partition ?? '') ?? null;
    if (superseded !== null && partitionOf(file, path)?.delivery !== superseded)
      passedOver.push({ file, reason: `superseded by ${superseded}` });
  }
  const out = new Set(passedOver.map((p) => p.file));
  // Newest first: what is older than any trend can then be let go while reading.
  return {
    files: files
      .filter((f) => !out.has(f))
      .sort()
      .reverse(),
    passedOver,
  };
}

/** `…/data/BILLING_PERIOD=2025-01/<delivery>/part.csv.gz` → its partition and delivery; null outside such a layout. */
function partitionOf(file: string, root: string): { partition: string; delivery: string } | null {
  const parts = relative(root, file).split(sep);
  const at = parts.findIndex((part) => PARTITION.test(part));
  if (at === -1) return null;
  return {
    partition: parts.slice(0, at + 1).join('/'),
    delivery: parts.length > at + 2 ? (parts[at + 1] as string) : '',
  };
}

function refuseTwice(files: readonly string[], root: string): void {
  const deliveries = new Map<string, string>();
  for (const file of files) {
    const parts = relative(root, file).split(sep);
    const at = parts.findIndex((part) => MONTH.test(part));
    if (at === -1 || parts.length <= at + 2) continue;
    const month = parts.slice(0, at + 1).join('/');
    const delivery = parts[at + 1] as string;
    const other = deliveries.get(month) ?? delivery;
    if (other !== delivery)
      throw new Error(`${month} holds ${other} and ${delivery}, which would count twice; leave only the newest there`);
    deliveries.set(month, delivery);
  }
}

/** Deliveries are named by the time they were made. */
function newestDeliveries(files: readonly string[], root: string): Map<string, string> {
  const newest = new Map<string, string>();
  for (const file of files) {
    const place = partitionOf(file, root);
    if (!place) continue;
    const { partition, delivery } = place;
    if (delivery > (newest.get(partition) ?? '')) newest.set(partition, delivery);
    else if (!newest.has(partition)) newest.set(partition, delivery);
  }
  return newest;
}

/** Changes when a file is added, replaced or grows: what was read before is stale then. */
export async function stampOf(files: readonly string[]): Promise<string> {
  const stamps: string[] = [];
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    stamps.push(`${file}:${size}:${mtimeMs}`);
  }
  return stamps.join('\n');
}
