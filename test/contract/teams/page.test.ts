import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SANDBOX_CONVERSATION } from '../../../sandbox/teams/index.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { card, until } from '../../helpers/chat.ts';
import { startTeamsBench } from './bench.ts';

test('a person decides on the page, in Chromium, through signed activities', async (t) => {
  const browser = await launchBrowser();
  if (!browser) return t.skip('not run: no Chromium on this machine');
  const bench = await startTeamsBench();
  try {
    const evil = '<img src=x onerror=alert(1)> [click](https://evil.example) <at>Ana</at>';
    await bench.chat.postApproval(card({ approvalId: 'apr-evil', assetName: evil }), { ownerSubject: 'nobody' });
    const { request, ref } = await bench.ask();
    const page = await browser.newPage({ viewport: { width: 1440, height: 1100 } });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => void problems.push(`dialog ${dialog.message()}`));
    page.on(
      'request',
      (r) => r.url().startsWith('http') && !r.url().startsWith(bench.simUrl) && problems.push(r.url()),
    );
    const query = new URLSearchParams({ channel: SANDBOX_CONVERSATION, as: '29:ben' });
    await page.goto(`${bench.simUrl}/?${query}`);
    await page.waitForSelector('body[data-ready=true]');
    const post = page.locator(`article[data-id="${ref.messageTs}"]`);
    assert.equal(await page.locator('img').count(), 0, 'foreign text stays text');
    assert.equal(await page.locator('a[href*="evil"]').count(), 0);
    assert.ok(await page.getByText('<img src=x onerror=alert(1)> [click]').first().isVisible());
    assert.ok(await post.locator('.mention').getByText('Ana Almeida').first().isVisible());

    await post.locator('[data-action="open:B · Snapshot & terminate"]').click();
    await post.getByText('2 different people must agree').waitFor();
    await post.locator('[data-action="approve_snapshot-and-terminate-instance"]').click();
    await post.getByText('Your approval of snapshot and termination').waitFor();
    await post.getByText('1 of 2 approvals by Ben').waitFor();

    await post.locator('[data-action="open:Reject..."]').click();
    await post.locator('[data-action=reject]').click();
    await post.getByText('Please give a reason').waitFor();
    assert.equal(bench.told.length, 1, 'nothing was sent');
    await post.locator('textarea').fill('Needed until the audit in March');
    await post.locator('[data-action=reject]').click();
    await until(async () => (await bench.records.store.approvals.decisionsOn(request.approvalId)).length === 2);
    await post.getByText('Your rejection is recorded').waitFor();

    await page.locator('[data-actor="29:mallory"]').click();
    await post.locator('[data-action="open:A · Secure stop"]').click();
    await post.locator('[data-action="approve_stop-instance"]').click();
    await post.getByText('You are not in the group of approvers').waitFor();
    await post.locator(`[data-thread="${ref.messageTs}"]`).click();
    await post.getByText('aws ec2 stop-instances').waitFor();

    await bench.chat.replaceWithDecision(ref, { headline: 'Rejected by Ben', detail: 'Needed until the audit' });
    await post.getByText('Rejected by Ben', { exact: true }).waitFor();
    assert.equal(await post.locator('.a-button').count(), 1, 'only the link to the ticket is left');
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    await bench.stop();
  }
});
