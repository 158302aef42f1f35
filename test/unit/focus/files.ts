import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';

const folder = mkdtempSync(join(tmpdir(), 'idlewise-focus-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let used = 0;

/** A charge that is right in every column; a test overrides what it is about. */
export const CHARGE: Readonly<Record<string, string>> = {
  BilledCost: '1.25',
  BillingAccountId: '999999999999',
  BillingAccountName: 'payer',
  BillingCurrency: 'USD',
  BillingPeriodEnd: '2025-02-01T00:00:00Z',
  BillingPeriodStart: '2025-01-01T00:00:00Z',
  ChargeCategory: 'Usage',
  ChargeClass: '',
  ChargeDescription: 'hours, "reserved"',
  ChargeFrequency: 'Usage-Based',
  ChargePeriodEnd: '2025-01-11T00:00:00Z',
  ChargePeriodStart: '2025-01-10T00:00:00Z',
  CommitmentDiscountCategory: '',
  CommitmentDiscountId: '',
  CommitmentDiscountStatus: '',
  CommitmentDiscountType: '',
  ContractedCost: '1.25',
  EffectiveCost: '1.25',
  InvoiceIssuerName: 'AWS',
  ListCost: '1.25',
  PricingQuantity: '24',
  PricingUnit: 'Hrs',
  ProviderName: 'AWS',
  PublisherName: 'AWS',
  RegionId: 'eu-west-1',
  ResourceId: 'i-1',
  ServiceCategory: 'Compute',
  ServiceName: 'Amazon EC2',
  SubAccountId: '111122223333',
  Tags: '{"team":"web"}',
};

export type Charge = Readonly<Record<string, string>>;

export function charge(over: Charge = {}): Charge {
  return { ...CHARGE, ...over };
}

/** A folder of its own for one test. */
export function freshFolder(): string {
  const own = join(folder, `${used++}`);
  mkdirSync(own);
  return own;
}

/** Writes text or bytes and returns the path. */
export function fileOf(content: string | Uint8Array, name = 'bill.csv', root = freshFolder()): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

export function csvOf(charges: readonly Charge[]): string {
  const columns = [...new Set(charges.flatMap((c) => Object.keys(c)))];
  return stringify(charges as Charge[], { header: true, columns });
}

export function csvFile(charges: readonly Charge[], name = 'bill.csv', root = freshFolder()): string {
  const text = csvOf(charges);
  return fileOf(name.endsWith('.gz') ? gzipSync(text) : text, name, root);
}
