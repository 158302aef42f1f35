import { Decimal } from 'decimal.js';
import type { Money } from '../schemas/money.ts';

/** Amounts of different currencies never meet in one sum. */
export class CurrencyMismatch extends Error {}

const HOURS_PER_MONTH = 730;

export function money(amount: string | number, currency: string): Money {
  return { amount: new Decimal(amount).toString(), currency };
}

export function addMoney(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { amount: new Decimal(a.amount).plus(b.amount).toString(), currency: a.currency };
}

export function subtractMoney(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { amount: new Decimal(a.amount).minus(b.amount).toString(), currency: a.currency };
}

export function scaleMoney(a: Money, factor: string | number): Money {
  return { amount: new Decimal(a.amount).times(factor).toString(), currency: a.currency };
}

export function isPositive(a: Money): boolean {
  return new Decimal(a.amount).gt(0);
}

/** Cost per hour → per month of 730 h, the convention of every price sheet. */
export function perMonth(hourly: string | number, currency: string): Money {
  return money(new Decimal(hourly).times(HOURS_PER_MONTH).toString(), currency);
}

/** Cost per day → per month of 730 h. */
export function dailyToMonthly(daily: string | number): string {
  return new Decimal(daily).times(HOURS_PER_MONTH).div(24).toDecimalPlaces(4).toString();
}

/** `$12.50` style text with two decimals and the ISO code, e.g. `12.50 USD`. */
export function formatMoney(a: Money): string {
  return `${new Decimal(a.amount).toFixed(2)} ${a.currency}`;
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new CurrencyMismatch(`cannot combine ${a.currency} with ${b.currency}`);
}
