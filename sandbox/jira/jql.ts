import { textOf } from './adf.ts';
import type { World } from './context.ts';
import type { StoredIssue } from './store.ts';
import { statusOf } from './workflow.ts';

/** A query this simulator, or Jira itself, would refuse. */
export class BadJql extends Error {}

type Test = (issue: StoredIssue) => boolean;
interface Query {
  readonly test: Test;
  /** Bounded by project, label or key: others are refused. */
  readonly bounded: boolean;
  readonly newestFirst: boolean;
}

const TOKENS = /\s*(\(|\)|!=|=|~|"(?:[^"\\]|\\.)*"|[^\s()=~!"]+)/gy;

/** The part of JQL that integrations use: `=`, `!=`, `~`, AND, OR, parentheses, ORDER BY created. @throws BadJql */
export function parseJql(world: World, jql: string): Query {
  const [where = '', order = ''] = jql.split(/\border\s+by\b/i);
  const tokens = [...where.trim().matchAll(TOKENS)].map((match) => match[1] as string);
  if (tokens.join('').length !== where.replace(/\s(?=(?:[^"]*"[^"]*")*[^"]*$)/g, '').length)
    throw new BadJql(`Error in the JQL Query: '${where}' could not be read.`);
  let at = 0;
  let bounded = false;
  const word = () => tokens[at]?.toLowerCase();

  const either = (): Test => {
    const tests = [both()];
    while (word() === 'or' && ++at) tests.push(both());
    return (issue) => tests.some((test) => test(issue));
  };
  const both = (): Test => {
    const tests = [term()];
    while (word() === 'and' && ++at) tests.push(term());
    return (issue) => tests.every((test) => test(issue));
  };
  const term = (): Test => {
    if (tokens[at] === '(') {
      at++;
      const inner = either();
      if (tokens[at++] !== ')') throw new BadJql("Error in the JQL Query: Expecting ')'.");
      return inner;
    }
    const [field = '', operator = '', quoted = ''] = tokens.slice(at, at + 3);
    at += 3;
    const value = quoted.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
    const values = VALUES[field.toLowerCase()];
    if (!values) throw new BadJql(`Field '${field}' does not exist or you do not have permission to view it.`);
    if (field.toLowerCase() === 'project' && value !== world.settings.projectKey)
      throw new BadJql(`The value '${value}' does not exist for the field 'project'.`);
    if (operator === '=' && ['project', 'labels', 'key'].includes(field.toLowerCase())) bounded = true;
    const wanted = value.toLowerCase();
    if (operator === '~')
      return (issue) => values(world, issue).some((text) => text.toLowerCase().split(/\W+/).includes(wanted));
    if (operator !== '=' && operator !== '!=') throw new BadJql(`Error in the JQL Query: operator '${operator}'.`);
    return (issue) => values(world, issue).some((text) => text.toLowerCase() === wanted) === (operator === '=');
  };

  const test = either();
  if (at < tokens.length) throw new BadJql(`Error in the JQL Query: unexpected '${tokens[at]}'.`);
  return { test, bounded, newestFirst: /\bdesc\b/i.test(order) };
}

const VALUES: Readonly<Record<string, (world: World, issue: StoredIssue) => string[]>> = {
  project: (world) => [world.settings.projectKey],
  labels: (_, issue) => issue.labels,
  key: (_, issue) => [issue.key],
  status: (world, issue) => [statusOf(world, issue.status).name],
  description: (_, issue) => [textOf(issue.description)],
  summary: (_, issue) => [issue.summary],
};
