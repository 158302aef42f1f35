import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser } from '../../helpers/browser.ts';
import { card, until } from '../../helpers/chat.ts';
import { CHANNEL, startSlackBench } from '../../helpers/slack.ts';

test('a person decides on the page, in Chromium, through signed requests', async (t) => {
  const browser = await launchBrowser();
  if (!browser) return t.skip('not run: no Chromium on this machine');
  const bench = await startSlackBench();
  try {
    await bench.chat.postApproval(
      card({ approvalId: 'apr-evil', assetName: '<img src=x onerror=alert(1)> <!channel>' }),
      {
        ownerSubject: 'nobody@acme.example',
      },
    );
    const { request, ref } = await bench.ask();
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => void problems.push(`dialog ${dialog.message()}`));
    page.on(
      'request',
      (r) => r.url().startsWith('http') && !r.url().startsWith(bench.simUrl) && problems.push(r.url()),
    );
    await page.goto(`${bench.simUrl}/?channel=${CHANNEL}&as=U0BEN`);
    await page.waitForSelector('body[data-ready]');
    const message = page.locator(`article[data-ts="${ref.messageTs}"]`).first();
    assert.equal(await page.locator('img').count(), 0, 'foreign text stays text');
    assert.ok(await page.getByText('<!channel>').first().isVisible());

    await message.locator('[data-action="opt_approve_snapshot-and-terminate-instance"]').click();
    await page.getByRole('alertdialog').getByText('2 different people must agree').waitFor();
    await page.locator('[data-confirm=yes]').click();
    await page.getByText('1 of 2 approvals by Ben').waitFor();

    await message.locator('[data-action=opt_reject]').click();
    await page.locator('textarea').fill('no');
    await page.locator('[data-submit=view]').click();
    await page.getByText('at least 5 characters').waitFor();
    await page.locator('textarea').fill('Needed until the audit in March');
    await page.locator('[data-submit=view]').click();
    await until(async () => (await bench.store.approvals.decisionsOn(request.approvalId)).length === 2);
    await page.getByText('Your rejection is recorded').waitFor();

    await page.locator('[data-actor=U0MAL]').click();
    await message.locator('[data-action="opt_approve_stop-instance"]').click();
    await page.locator('[data-confirm=yes]').click();
    await page.getByText('You are not in the group of approvers').waitFor();
    await page.locator(`[data-thread="${ref.messageTs}"]`).click();
    await page.locator('#thread').getByText('aws ec2 stop-instances').waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    await bench.stop();
  }
});
