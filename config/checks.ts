import type { z } from 'zod';
import type { Config } from './schema.ts';

type Issue = (path: readonly (string | number)[], message: string) => void;

/** What no single field can say: values that contradict each other, or that could never do what they are for. */
export function crossChecks(config: Config, ctx: z.RefinementCtx): void {
  const issue: Issue = (path, message) => ctx.addIssue({ code: 'custom', path: [...path], message });
  checkWaits(config.policy.waits, issue);
  checkTimes(config.policy, issue);
  checkAccounts(config, issue);
  checkPeople(config.directory.people, issue);
  if (/^mongodb(?:\+srv)?:\/\/[^/@]*:[^/@]*@/.test(config.mongodb.uri))
    issue(
      ['mongodb', 'uri'],
      'must hold no password: put the whole URI into a secret and name that, e.g. env:MONGODB_URI',
    );
}

type Waits = Config['policy']['waits'];

const POSITIVE = [
  'hold',
  'expiry',
  'approvalValidFor',
  'rescanPoll',
  'rescanDeadline',
  'ticketPoll',
  'executorHeartbeat',
  'executorStep',
  'executorPoll',
  'transitionTimeout',
  'snapshotTimeout',
  'freshness',
  'billingDeadline',
] as const satisfies readonly (keyof Waits)[];

/** The first must be shorter than the second. */
const SHORTER = [
  ['reminder', 'escalation'],
  ['escalation', 'expiry'],
  ['rescanPoll', 'rescanDeadline'],
  ['billingLag', 'billingDeadline'],
  ['executorPoll', 'transitionTimeout'],
  ['executorHeartbeat', 'executorStep'],
] as const satisfies readonly (readonly [keyof Waits, keyof Waits])[];

function checkWaits(waits: Waits, issue: Issue): void {
  for (const name of POSITIVE)
    if (waits[name] <= 0)
      issue(['policy', 'waits', name], 'must be longer than nothing: with 0 it would do nothing at all');
  for (const [short, long] of SHORTER)
    if (waits[short] >= waits[long]) issue(['policy', 'waits', short], `must be shorter than policy.waits.${long}`);
}

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

function checkTimes({ changeWindow, freezes }: Config['policy'], issue: Issue): void {
  for (const [i, { from, to }] of freezes.entries())
    if (Date.parse(from) >= Date.parse(to)) issue(['policy', 'freezes', i, 'to'], 'must be after from');
  if (changeWindow === null) return;
  const at = (field: string) => ['policy', 'changeWindow', field];
  for (const field of ['from', 'to'] as const)
    if (!TIME.test(changeWindow[field])) issue(at(field), 'must be a time of day from 00:00 to 24:00');
  if (changeWindow.from === changeWindow.to) issue(at('to'), 'must differ from from: such a window never opens');
  if (changeWindow.days.length === 0) issue(at('days'), 'must name at least one day: such a window never opens');
  if (!isZone(changeWindow.timeZone)) issue(at('timeZone'), 'must be an IANA time zone such as Europe/Berlin');
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function checkAccounts({ accounts, azure, gcp }: Config, issue: Issue): void {
  const lists = [
    { at: ['accounts'], id: 'accountId', rows: accounts },
    { at: ['azure', 'subscriptions'], id: 'subscriptionId', rows: azure?.subscriptions ?? [] },
    { at: ['gcp', 'projects'], id: 'projectId', rows: gcp?.projects ?? [] },
  ];
  for (const { at, id, rows } of lists) {
    const seen = new Set<string>();
    for (const [i, row] of rows.entries()) {
      const name = String((row as unknown as Record<string, unknown>)[id]).toLowerCase();
      if (seen.has(name)) issue([...at, i, id], 'must be named once: it is in the list already');
      seen.add(name);
      for (const region of Object.keys(row.phaseByRegion))
        if (!row.regions.includes(region)) issue([...at, i, 'phaseByRegion', region], 'must be one of its regions');
    }
  }
}

function checkPeople(people: Config['directory']['people'], issue: Issue): void {
  const seen = new Set<string>();
  for (const [i, { subject }] of people.entries()) {
    const name = subject.trim().toLowerCase();
    if (seen.has(name))
      issue(['directory', 'people', i, 'subject'], 'must be named once: two entries would be one person');
    seen.add(name);
  }
}
