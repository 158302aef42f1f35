import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ChatPort } from '../../../ports/chat.ts';
import { createTeamsChat } from '../../../providers/chat/teams/chat.ts';
import { MOST_BYTES } from '../../../sandbox/teams/cards.ts';
import { createTeamsSimulator, type TeamsSimulator } from '../../../sandbox/teams/index.ts';
import { ObjectId } from '../../../sandbox/teams/people.ts';
import { ActionName } from '../../../schemas/option.ts';
import { card, chatDirectory } from '../../helpers/chat.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { APP_PASSWORD, buttonsOf, cardText, teamsConfig, teamsSecrets, textsOf } from '../teams/bench.ts';

let simulator: TeamsSimulator;
let simUrl: string;
let chat: ChatPort;
const owner = { ownerSubject: 'ana@acme.example' };
const cardOf = (id: string) => simulator.world.find(id)?.card ?? null;

before(async () => {
  simulator = await createTeamsSimulator({ appPassword: APP_PASSWORD });
  simUrl = await simulator.start();
});
after(() => simulator.stop());
beforeEach(() => {
  simulator.world.messages.splice(0);
  const config = teamsConfig(simUrl);
  chat = createTeamsChat({ config, secrets: teamsSecrets, directory: chatDirectory, cache: memoryCache() });
});

test('the card offers every option with its plan, asks again before it sends, and takes a reason', async () => {
  const { messageTs } = await chat.postApproval(card(), owner);
  assert.deepEqual(buttonsOf(cardOf(messageTs)), [
    'approve_stop-instance',
    'approve_snapshot-and-terminate-instance',
    'reject',
    'snooze_1d',
    'snooze_1w',
    'snooze_1m',
  ]);
  assert.deepEqual(textsOf(cardOf(messageTs), 'Action.ShowCard'), [
    'A · Secure stop',
    'B · Snapshot & terminate',
    'Reject...',
  ]);
  const text = cardText(cardOf(messageTs));
  assert.match(text, /web-idle-3 looks idle · save 61\.32 USD\/month/);
  assert.match(text, /web-idle-3 in acme-dev \(dev\)\. \|  This removes the resource\. 2 different people must agree/);
  assert.match(text, /Without a decision by {{DATE\(2030-01-01T00:00:00Z,SHORT\)}}/);
  assert.match(simulator.world.find(messageTs)?.summary ?? '', /Options: A Secure stop, B Snapshot/);
  const thread = simulator.world.messages.find((m) => m.threadOf === messageTs);
  assert.match(cardText(thread?.card), /aws ec2 stop-instances/);
});

test('no foreign text becomes a mention, a link, a date or hidden characters', async () => {
  const evil =
    '<at>Ana Almeida</at> [click](https://evil.example) **bold** {{DATE(2030-01-01T00:00:00Z)}} \u202egnp\u200b';
  const option = { ...card().options[0], label: evil, savingNote: evil, steps: [evil], rollback: evil, command: evil };
  await chat.postApproval(
    card({
      assetName: evil,
      assetKey: evil,
      accountName: evil,
      region: evil,
      environment: evil,
      owner: evil,
      monthlyCost: evil,
      verdictLine: evil,
      expiresAt: evil,
      options: [option as never, { ...option, blockers: [evil], optionId: 'resize-instance' } as never],
      risk: { score: 1, level: 'low', reasonCodes: [evil], questions: [evil], summary: evil, assessor: 'rules+model' },
      ticket: { system: 's', id: '1', number: evil, url: 'javascript:alert(1)' },
      runUrl: 'file:///etc/passwd',
    }),
    { ownerSubject: evil },
  );
  for (const message of simulator.world.messages) {
    for (const text of textsOf(message.card, 'TextBlock')) assert.doesNotMatch(text, /evil|<at>|\]\(/, text);
    for (const version of [message.card, ...message.earlier]) {
      const text = JSON.stringify(version);
      assert.doesNotMatch(text, /[\u202e\u200b]|javascript:|file:|Action\.OpenUrl|"entities"/);
    }
  }
  assert.match(
    cardText(simulator.world.messages[0]?.card),
    /\[click\]\(https:\/\/evil\.example\)/,
    'it is shown as it is',
  );
});

test('the longest card that can come still fits what Teams takes, with every button and after the decision', async () => {
  for (const long of ['x&<>"\\'.repeat(2000), '漢字'.repeat(5000), 'a\n'.repeat(4000)]) {
    const option = {
      ...card().options[0],
      label: long,
      savingNote: long,
      steps: [long, long],
      rollback: long,
      command: `${long}\n${long}`,
      terraform: long,
      blockers: [] as string[],
    };
    const ids = ActionName.options.slice(0, 6);
    const risk = {
      score: 99,
      level: 'critical' as const,
      reasonCodes: Array.from({ length: 50 }, () => long),
      questions: [long, long, long, long],
      summary: long,
      assessor: 'rules+model' as const,
    };
    const ref = await chat.postApproval(
      card({
        approvalId: `apr-${long.slice(0, 3)}`,
        assetName: long,
        assetKey: long,
        owner: long,
        verdictLine: long,
        options: ids.map((optionId) => ({ ...option, optionId })) as never,
        risk,
      }),
      { ownerSubject: 'nobody' },
    );
    assert.equal(buttonsOf(cardOf(ref.messageTs)).length, 10);
    await chat.replaceWithDecision(ref, { headline: long, detail: long });
    for (const message of simulator.world.messages)
      for (const version of [message.card, ...message.earlier])
        assert.ok(Buffer.byteLength(JSON.stringify(version)) < MOST_BYTES);
  }
});

test('an option that could not run says why and has no button; two approvers are announced', async () => {
  const [stop, terminate] = card().options as [never, never];
  const options = [{ ...(stop as object), blockers: ['stop protection is on'] } as never, terminate];
  const { messageTs } = await chat.postApproval(card({ options }), owner);
  assert.match(cardText(cardOf(messageTs)), /stop protection is on/);
  assert.match(cardText(cardOf(messageTs)), /needs 2 approvers/);
  assert.ok(!buttonsOf(cardOf(messageTs)).includes('approve_stop-instance'));
  assert.ok(buttonsOf(cardOf(messageTs)).includes('approve_snapshot-and-terminate-instance'));
});

test('only an owner Teams confirms is mentioned, already in the message that notifies', async () => {
  const mentioned = async (subject: string, approvalId: string) => {
    const { messageTs } = await chat.postApproval(card({ approvalId }), { ownerSubject: subject });
    const message = simulator.world.find(messageTs);
    return [message?.earlier[0], message?.card].map((c) => /"mentioned":{"id":"([^"]+)"/.exec(JSON.stringify(c))?.[1]);
  };
  assert.deepEqual(await mentioned('ana@acme.example', 'a'), [ObjectId.ana, ObjectId.ana]);
  assert.deepEqual(await mentioned('mallory@acme.example', 'b'), [undefined, undefined], 'not in the directory');
  assert.deepEqual(await mentioned('team-web', 'c'), [undefined, undefined], 'a group');
  const ben = simulator.world.seed.users.find((u) => u.handle === 'ben') as { gone?: boolean };
  ben.gone = true;
  assert.deepEqual(await mentioned('ben@acme.example', 'd'), [undefined, undefined], 'left the team');
  delete ben.gone;
});
