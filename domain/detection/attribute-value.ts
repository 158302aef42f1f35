import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { RuleCondition } from '../../schemas/rules.ts';
import { DAY_SECONDS } from './calendar.ts';

/** `unreadable`: there is a value, and the test means nothing for it. */
export type ConditionAnswer = 'holds' | 'fails' | 'unknown' | 'unreadable';

type Value = string | number | boolean;

const FACTS = 'facts.';
/** Where domain/attributes.ts stops: a record this long may have been cut. */
const MOST_ATTRIBUTES = 200;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Epoch milliseconds have been above this since 1973; epoch seconds will be below it for millennia. */
const MILLISECONDS_FROM = 1e11;

/**
 * Whether a resource's configuration meets one condition. Not mentioned is `unknown`, except where the question is
 * whether it is there, and the copy holds anything and was not cut short.
 */
export function askCondition(condition: RuleCondition, facts: CloudFacts, endEpoch: number): ConditionAnswer {
  const value = read(facts, condition.attribute);
  if (condition.present !== undefined) {
    const there = value !== null && value !== undefined && value !== '' && value !== 0;
    if (!there && value === undefined && !isWhole(facts)) return 'unknown';
    return verdictOn(there === condition.present);
  }
  if (value === null || value === undefined) return 'unknown';
  if (condition.is !== undefined) return verdictOn(anyOf(condition.is, value));
  if (condition.isNot !== undefined) return verdictOn(!anyOf(condition.isNot, value));
  if (value === '') return 'unknown';
  if (condition.olderThanDays !== undefined) {
    const since = instantOf(value);
    if (since === null || since > endEpoch) return 'unreadable';
    return verdictOn(endEpoch - since >= condition.olderThanDays * DAY_SECONDS);
  }
  const number = numberOf(value);
  if (number === null) return 'unreadable';
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = condition;
  return verdictOn(number <= atMost && number >= atLeast);
}

const verdictOn = (holds: boolean): ConditionAnswer => (holds ? 'holds' : 'fails');

/** A number, or a number written as text, as Google Cloud writes whole ones. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null;
}

/** The value a condition is about; undefined when nothing is said of it. */
export function read(facts: CloudFacts, attribute: string): Value | null | undefined {
  if (attribute.startsWith(FACTS)) {
    const [field = '', rest] = attribute.slice(FACTS.length).split('.');
    const value: unknown = Object.hasOwn(facts, field) ? Reflect.get(facts, field) : undefined;
    if (Array.isArray(value)) return rest === 'count' ? value.length : undefined;
    return rest === undefined && (value === null || isValue(value)) ? value : undefined;
  }
  if (facts.kind !== 'resource') return undefined;
  // Azure's own answers hold most of a resource in `properties`; its libraries, and what is made with them, do not.
  const { attributes } = facts;
  return attributes[attribute] === undefined ? attributes[`properties.${attribute}`] : attributes[attribute];
}

/** A copy that is empty, or that was cut where it got too long, proves nothing by what it leaves out. */
function isWhole(facts: CloudFacts): boolean {
  if (facts.kind !== 'resource') return true;
  const size = Object.keys(facts.attributes).length;
  return size > 0 && size < MOST_ATTRIBUTES;
}

function isValue(value: unknown): value is Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function anyOf(wanted: Value | readonly Value[], value: Value): boolean {
  const text = String(value).toLowerCase();
  return typeof wanted === 'object' ? wanted.some((w) => matches(w, text)) : matches(wanted, text);
}

/** `m4.*`, `*.8xlarge`, `standard_d*_v2`: one star stands for anything. */
function matches(wanted: Value, text: string): boolean {
  const pattern = String(wanted).toLowerCase();
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const tail = pattern.slice(star + 1);
  return text.length >= pattern.length - 1 && text.startsWith(pattern.slice(0, star)) && text.endsWith(tail);
}

/** Epoch seconds of an ISO text, epoch seconds or epoch milliseconds; null when it is neither. */
function instantOf(value: Value): number | null {
  const number = numberOf(value);
  if (number !== null) return number > MILLISECONDS_FROM ? number / 1000 : number;
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed / 1000;
}
