import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../helpers/chat.ts';
import { openSlackDoor, openTeamsDoor } from './doors.ts';

for (const open of [openSlackDoor, openTeamsDoor])
  test(`${open.name}: what failed may come again, byte for byte, and once handled never more`, async (t) => {
    const door = await open();
    t.after(() => door.stop());
    const asked = await door.ask();
    const { approvalId } = asked.request;
    door.broken.audit = true;
    assert.match(await door.say('ana', 'approve', asked), /audit-unavailable/);
    assert.deepEqual(await door.store.approvals.decisionsOn(approvalId), []);
    door.broken.audit = false;
    await until(async () => (await door.bench.sim('replay', {})).status === 200);
    await until(async () => (await door.store.approvals.decisionsOn(approvalId)).length === 1);
    assert.equal((await door.bench.sim('replay', {})).answer, 'replayed');
    assert.equal(door.told().length, 1);
  });
