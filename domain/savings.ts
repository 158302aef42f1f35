import { Decimal } from 'decimal.js';
import { ACTIONS } from '../schemas/actions.ts';
import type { InstanceFacts } from '../schemas/cloud-facts.ts';
import type { AssetRecord } from '../schemas/detection.ts';
import type { Money } from '../schemas/money.ts';
import type { ActionName } from '../schemas/option.ts';
import { cloudOf } from './clouds/index.ts';
import { attachedTo, type Basis, commitmentOf, computeCost, monthlyCost } from './savings/cost-of.ts';

export interface Saving {
  /** Per month of 730 h, net of what stays and of commitments. Null: cannot be computed. */
  readonly monthly: Money | null;
  /** Where the amount comes from: a list price knows nothing of discounts and commitments. Null: there is no amount. */
  readonly basis: Basis | null;
  /** One or two sentences on what is in it and what is not; every number in them was computed here. */
  readonly note: string;
}

/** What one action would save on one asset. */
export function savingOf(action: ActionName, record: AssetRecord, targetInstanceType?: string): Saving {
  const facts = record.facts;
  const how = ACTIONS[action].saving;
  switch (how) {
    case 'compute':
    case 'compute-and-disks':
    case 'price-difference':
      return facts?.kind === 'instance'
        ? instanceSaving(how, record, { facts, targetInstanceType })
        : unknown('The instance could not be described, so what stays is not known.');
    case 'disk-less-snapshot':
      return volumeSaving(record);
    case 'address':
      return wholeCost(record, 'The address stops being charged.');
    case 'load-balancer':
      return wholeCost(record, 'Hours and capacity units stop being charged.');
    case 'database':
      return databaseSaving(record);
  }
}

/** A host or a reserved place is paid for as a whole; EC2's tenancy `dedicated` is paid by the instance. */
const HOSTED: ReadonlySet<string> = new Set(['host', 'capacity-reservation']);

function instanceSaving(
  how: 'compute' | 'compute-and-disks' | 'price-difference',
  record: AssetRecord,
  q: { facts: InstanceFacts; targetInstanceType: string | undefined },
): Saving {
  const compute = computeCost(record, q.facts);
  if (compute === null) return unknown('No bill and no list price for this instance or one of its disks.');
  const commitment = commitmentOf(record);
  // What is paid for whatever runs on it: its guest costs nothing that could be saved.
  const guest = HOSTED.has(q.facts.tenancy ?? 'default');
  const free = guest ? new Decimal(0) : compute.amount.times(new Decimal(1).minus(commitment.share));
  const notes = [basisNote(compute.basis, record)];
  if (guest) notes.push('It runs on a dedicated host or in reserved capacity, which is paid for whatever runs there.');
  if (commitment.share.gt(0)) notes.push(commitmentNote(commitment.kind, commitment.share, commitment.endsAt));
  const attached = attachedTo(q.facts);

  if (how === 'compute') {
    const stays = attached.disks?.plus(attached.address) ?? null;
    if (stays === null) notes.push('Its disks keep costing.');
    else if (stays.gt(0)) notes.push(`Disks and addresses keep costing about ${usd(stays)} a month.`);
    return { monthly: toMoney(free, compute.currency), basis: compute.basis, note: notes.join(' ') };
  }
  if (how === 'price-difference') {
    const ratio =
      q.targetInstanceType === undefined
        ? null
        : (cloudOf(q.facts.provider)?.priceRatio(q.facts.instanceType, q.targetInstanceType) ?? null);
    if (ratio === null) return unknown('The price ratio of the two types is not known.');
    notes.push(`From ${q.facts.instanceType} to ${q.targetInstanceType}; disks and addresses stay.`);
    const saved = free.times(new Decimal(1).minus(ratio));
    return { monthly: toMoney(saved, compute.currency), basis: compute.basis, note: notes.join(' ') };
  }
  const disks = attached.disksDeleted;
  if (disks === null) return unknown('No list price for one of its disks.');
  const change = disks.minus(attached.snapshots);
  if (compute.currency !== 'USD' && !change.isZero())
    return unknown(`Disks and snapshots are known in USD only, the bill is in ${compute.currency}.`);
  notes.push(`Disks deleted with it save ${usd(disks)}, snapshots cost up to ${usd(attached.snapshots)} a month.`);
  if (attached.address.gt(0)) notes.push(`Its static address stays and costs ${usd(attached.address)} a month.`);
  return { monthly: toMoney(free.plus(change), compute.currency), basis: compute.basis, note: notes.join(' ') };
}

function volumeSaving(record: AssetRecord): Saving {
  const cost = monthlyCost(record);
  const facts = record.facts;
  if (cost === null || facts?.kind !== 'volume') return unknown('No bill and no list price for this volume.');
  if (cost.currency !== 'USD')
    return unknown(`Snapshot storage is known in USD only, the bill is in ${cost.currency}.`);
  const snapshot = cloudOf(facts.provider)?.prices.snapshotMonthly(facts.sizeGiB);
  if (snapshot === undefined) return unknown('No list price for the snapshot that stays.');
  const note = `${basisNote(cost.basis, record)} The snapshot that stays costs up to ${usd(snapshot)} a month.`;
  return { monthly: toMoney(cost.amount.minus(snapshot), cost.currency), basis: cost.basis, note };
}

function wholeCost(record: AssetRecord, what: string): Saving {
  const cost = monthlyCost(record);
  if (cost === null) return unknown('No bill and no list price for this asset.');
  return {
    monthly: toMoney(cost.amount, cost.currency),
    basis: cost.basis,
    note: `${basisNote(cost.basis, record)} ${what}`,
  };
}

/** A stopped server keeps paying for its storage; the rest, as far as no commitment covers it, is saved. */
function databaseSaving(record: AssetRecord): Saving {
  const cost = monthlyCost(record);
  const facts = record.facts;
  if (cost === null || facts?.kind !== 'database') return unknown('No bill and no list price for this database.');
  const storage = cloudOf(facts.provider)?.prices.databaseStorageMonthly(facts.storageType, facts.storageGiB) ?? null;
  if (storage === null) return unknown('No list price for the storage that stays.');
  if (cost.currency !== 'USD') return unknown(`Storage is known in USD only, the bill is in ${cost.currency}.`);
  const commitment = commitmentOf(record);
  const free = Decimal.max(0, cost.amount.minus(storage)).times(new Decimal(1).minus(commitment.share));
  const notes = [basisNote(cost.basis, record), `Its storage keeps costing about ${usd(storage)} a month.`];
  if (commitment.share.gt(0)) notes.push(commitmentNote(commitment.kind, commitment.share, commitment.endsAt));
  return { monthly: toMoney(free, cost.currency), basis: cost.basis, note: notes.join(' ') };
}

function commitmentNote(kind: string | null, share: Decimal, endsAt: string | null): string {
  const what = kind === 'savings-plan' ? 'a savings plan' : kind === 'reservation' ? 'a reservation' : 'a commitment';
  const until = endsAt === null ? 'until it ends' : `until it ends on ${endsAt.slice(0, 10)}`;
  const covered = share.gte(1) ? 'Covered' : `${share.times(100).toDecimalPlaces(0)} % covered`;
  const maintain = share.gte(1) ? ' Maintain it until then.' : '';
  return `${covered} by ${what}: that part saves nothing ${until} or is used elsewhere.${maintain}`;
}

function basisNote(basis: Basis, record: AssetRecord): string {
  if (basis === 'billed') return 'From the bill.';
  return `Estimate at list price (${cloudOf(record.asset.provider)?.prices.version ?? 'no table'}).`;
}

function unknown(note: string): Saving {
  return { monthly: null, basis: null, note };
}

function usd(amount: Decimal): string {
  return `${amount.toFixed(2)} USD`;
}

function toMoney(amount: Decimal, currency: string): Money {
  // Cents are shown; four places are kept so that sums of many do not drift. Rounded down: never promise more.
  return { amount: amount.toDecimalPlaces(4, Decimal.ROUND_FLOOR).toString(), currency };
}
