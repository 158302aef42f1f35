import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { find, startPrisma } from './prisma-harness.ts';

const WEEK = 7 * 86_400_000;
let now = Date.now();
const clock = () => now;
const site = await startPrisma({ clock, config: { snoozeNotes: WEEK }, client: { clock } });
const { prisma, simulator } = site;

async function alertOf(name: string): Promise<string> {
  const finding = (await prisma.posture(await find(site, name))).findings.find((f) => f.isIssue && f.status_id === 1);
  assert.ok(finding, name);
  return finding.uid;
}
const note = (issueId: string, marker = 'idlewise:run-1:outcome') => ({
  issueId,
  marker,
  text: 'Stopped, saves 70.08 USD a month',
});
const statusOf = async (name: string, uid: string) =>
  (await prisma.posture(await find(site, name))).findings.find((f) => f.uid === uid)?.status_id;

test('unless it is asked for nothing is written: the note is kept on our side, and says so', async () => {
  const quiet = await startPrisma();
  const asset = await find(quiet, 'report-idle-1');
  const issueId = (await quiet.prisma.posture(asset)).findings.find((f) => f.isIssue)?.uid ?? '';
  quiet.simulator.journal.clear();
  const written = await quiet.prisma.addIssueNote(note(issueId));
  assert.deepEqual(written, { noteId: `kept-here/${issueId}/idlewise:run-1:outcome`, created: false });
  assert.equal(quiet.simulator.journal.entries().length, 0);
});

test('where it is asked for, the note is the reason of a snooze that ends by itself', async () => {
  const issueId = await alertOf('report-idle-1');
  const written = await prisma.addIssueNote(note(issueId));
  assert.deepEqual(written, { noteId: `${issueId}/dismissal-note`, created: true });
  assert.equal(await statusOf('report-idle-1', issueId), 3);
  const body = site.sent(/dismiss/).at(-1)?.body ?? '';
  assert.match(body, /Stopped, saves 70\.08 USD a month \[idlewise:run-1:outcome\]/);
  assert.match(body, /"dismissalTimeRange":\{"type":"relative","value":\{"amount":168,"unit":"hour"\}\}/);
  now += WEEK + 1000;
  simulator.prisma.expireTokens();
  assert.equal(await statusOf('report-idle-1', issueId), 1, 'the alert is open again');
});

test('a note is written once per marker, also when the answer to the first attempt was lost', async () => {
  const issueId = await alertOf('edge-kev-1');
  simulator.faults.push({ path: '/alert/dismiss', kind: 'reset-after-effect', times: 1 });
  await assert.rejects(prisma.addIssueNote(note(issueId)), (e) => isProviderError(e, 'unavailable'));
  const again = await prisma.addIssueNote(note(issueId));
  assert.deepEqual(again, { noteId: `${issueId}/dismissal-note`, created: false });
  const dismissals = site.sent(/dismiss/).length;
  const other = await prisma.addIssueNote(note(issueId, 'idlewise:run-2:outcome'));
  assert.equal(other.created, false, 'a snoozed alert has room for one note');
  assert.match(other.noteId, /^kept-here\//);
  assert.equal(site.sent(/dismiss/).length, dismissals);
});

test('an alert that stops being open meanwhile is left alone', async () => {
  const issueId = await alertOf('loadtest-idle-1');
  simulator.faults.push({ path: '/alert/dismiss', kind: 'status', status: 404, times: 1 });
  const written = await prisma.addIssueNote(note(issueId));
  assert.deepEqual(written, { noteId: `kept-here/${issueId}/idlewise:run-1:outcome`, created: false });
});

test('an alert that does not exist is not-found; refusals and too short a snooze are named with the way out', async () => {
  await assert.rejects(prisma.addIssueNote(note('P-0')), (e) => isProviderError(e, 'not-found'));
  const issueId = await alertOf('dev-idle-1');
  simulator.prisma.deny('/alert/dismiss');
  await assert.rejects(
    prisma.addIssueNote(note(issueId)),
    (e) => isProviderError(e, 'unauthorised') && /snoozeNotes to null/.test(e.message),
  );
  simulator.prisma.deny(null);
  const refuse = new Headers({
    'x-redlock-status': '[{"i18nKey":"violates_minimum_alert_dismiss_duration_time","severity":"error"}]',
  });
  const short = await startPrisma({
    config: { snoozeNotes: WEEK },
    client: {
      fetch: (url, init) =>
        String(url).endsWith('/alert/dismiss')
          ? Promise.resolve(new Response('', { status: 400, headers: refuse }))
          : fetch(url, init),
    },
  });
  await assert.rejects(
    short.prisma.addIssueNote(note(issueId)),
    (e) => isProviderError(e, 'terminal') && /raise cnapp\.prisma\.snoozeNotes/.test(e.message),
  );
});
