import { Decimal } from 'decimal.js';

/** USD list prices per hour, us-east-1, on demand, Linux, as of September 2024; the sandbox uses them in every region. */
const INSTANCE_HOUR: Readonly<Record<string, string>> = {
  't3.micro': '0.0104',
  't3.small': '0.0208',
  't3.medium': '0.0416',
  't3.large': '0.0832',
  'm5.large': '0.096',
  'm5.xlarge': '0.192',
  'm5.2xlarge': '0.384',
  'c5.large': '0.085',
  'c5.2xlarge': '0.34',
  'c5.4xlarge': '0.68',
  'r5.large': '0.126',
  'r5.xlarge': '0.252',
};

const GIB_MONTH: Readonly<Record<string, string>> = { gp3: '0.08', gp2: '0.10', st1: '0.045' };

const perDay = (hourly: Decimal.Value): string => new Decimal(hourly).times(24).toDecimalPlaces(6).toString();

/** Decimal text, USD per day. */
export function instanceDay(instanceType: string): string {
  const hourly = INSTANCE_HOUR[instanceType];
  if (hourly === undefined)
    throw new RangeError(`no list price for ${instanceType}: add it to sandbox/estate/prices.ts`);
  return perDay(hourly);
}

export function volumeDay(volumeType: string, sizeGiB: number): string {
  const monthly = GIB_MONTH[volumeType];
  if (monthly === undefined)
    throw new RangeError(`no list price for ${volumeType}: add it to sandbox/estate/prices.ts`);
  return perDay(new Decimal(monthly).times(sizeGiB).div(730));
}

export const ADDRESS_DAY = perDay('0.005');
export const LOAD_BALANCER_DAY = perDay('0.0225');

const DATABASE_HOUR: Readonly<Record<string, string>> = { 'db.m5.large': '0.178', 'db.t3.medium': '0.072' };
const DATABASE_GIB_MONTH = '0.115';

/** Server and storage of a single-zone PostgreSQL instance. */
export function databaseDay(instanceClass: string, storageGiB: number): string {
  const hourly = DATABASE_HOUR[instanceClass];
  if (hourly === undefined)
    throw new RangeError(`no list price for ${instanceClass}: add it to sandbox/estate/prices.ts`);
  return perDay(new Decimal(hourly).plus(new Decimal(DATABASE_GIB_MONTH).times(storageGiB).div(730)));
}
