import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { TicketDraft, TicketPort } from '../../../ports/tickets.ts';
import { draft as exampleDraft } from '../servicenow/harness.ts';
import type { Lab, System } from './subjects.ts';

export interface Scene {
  readonly system: System;
  readonly lab: Lab;
  /** A change of this case alone, also on a tenant that keeps what earlier runs left. */
  draft(overrides?: Partial<TicketDraft>): TicketDraft;
}
export interface Case {
  readonly name: string;
  /** Also right on a real tenant, where nothing can be looked into or broken. */
  readonly tenant?: true;
  run(scene: Scene): Promise<void>;
}

const run = Date.now().toString(36);

export function sceneOf(system: System, name: string): Scene {
  return {
    system,
    get lab(): Lab {
      if (!system.lab) throw new Error('a case that looks behind the system cannot run on a tenant');
      return system.lab;
    },
    draft: (overrides = {}) => exampleDraft({ correlationId: `contract/${run}/${name}`, ...overrides }),
  };
}

const kind = (wanted: ProviderErrorKind) => (error: unknown) => isProviderError(error, wanted);

/** Comes back as a workflow would, when the port asks for that. */
async function withRetry<T>(ask: () => Promise<T>, tries = 20): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0 || !isProviderError(error, 'retry-after')) throw error;
      await delay(Math.min(error.retryAfterMs ?? 1000, 60_000));
    }
  }
}

async function walked(tickets: TicketPort, draft: TicketDraft, stage: 'awaiting-approval' | 'implementing') {
  const ticket = await tickets.ensure(draft);
  await tickets.moveTo(ticket, stage);
  return ticket;
}

/** What every ticket system must do behind the port, whoever made it. */
export const CASES: readonly Case[] = [
  {
    name: 'creates one ticket and finds it again by the operation id',
    tenant: true,
    async run({ system, draft }) {
      const first = await system.tickets().ensure(draft());
      const second = await system.tickets().ensure(draft());
      assert.equal(first.created, true);
      assert.deepEqual(second, { ...first, created: false });
      assert.ok(first.url.startsWith('http') && first.number !== '');
      if (system.lab) assert.equal(system.lab.count(), 1);
      await system.tickets().close(first, { result: 'cancelled', notes: 'Contract suite.' });
    },
  },
  {
    name: 'gives a link that opens the ticket',
    async run({ system, draft }) {
      const ticket = await system.tickets().ensure(draft());
      const page = await fetch(ticket.url);
      assert.equal(page.status, 200);
      assert.match(await page.text(), new RegExp(ticket.number));
    },
  },
  {
    name: 'writes nothing when nothing differs, and once when a text does',
    async run({ system, lab, draft }) {
      await system.tickets().ensure(draft());
      await system.tickets().ensure(draft());
      assert.equal(lab.edits(), 0);
      await system.tickets().ensure(draft({ description: 'No load for 28 days.\r\nChecked again.' }));
      await system.tickets().ensure(draft({ description: 'No load for 28 days.\r\nChecked again.' }));
      assert.equal(lab.edits(), 1);
    },
  },
  {
    name: 'keeps long texts and long operation ids apart, without rewriting them',
    async run({ system, lab, draft }) {
      const long = (end: string) =>
        draft({ correlationId: `x/${'x'.repeat(200)}${end}`, title: 'T'.repeat(400), description: 'D'.repeat(9000) });
      const a = await system.tickets().ensure(long('a'));
      assert.equal((await system.tickets().ensure(long('a'))).id, a.id);
      assert.notEqual((await system.tickets().ensure(long('b'))).id, a.id);
      assert.equal(lab.edits(), 0);
    },
  },
  ...(['reset-after-effect', 'truncated-json'] as const).map((fault) => ({
    name: `leaves one ticket when the answer to its creation is lost (${fault})`,
    async run({ system, lab, draft }: Scene) {
      lab.breakCreation(fault);
      const ticket = await withRetry(() => system.tickets().ensure(draft()));
      assert.equal(lab.count(), 1);
      assert.equal(lab.creations(), 1, 'the POST is not sent again');
      assert.equal((await system.tickets().ensure(draft())).id, ticket.id);
    },
  })),
  {
    name: 'never sends a creation again blindly, and makes up for it later',
    async run({ system, lab, draft }) {
      lab.breakCreation('reset-before-answer');
      await assert.rejects(system.tickets().ensure(draft()), kind('unavailable'));
      assert.equal(lab.creations(), 1);
      await withRetry(() => system.tickets().ensure(draft()));
      assert.equal(lab.count(), 1);
    },
  },
  {
    name: 'refuses to create a second ticket when the first is withheld',
    async run({ system, lab, draft }) {
      await lab.hide(await system.tickets().ensure(draft()));
      await assert.rejects(system.tickets().ensure(draft()), kind('unauthorised'));
      assert.equal(lab.count(), 1);
    },
  },
  {
    name: 'refuses an empty operation id before anything is sent',
    tenant: true,
    async run({ system, draft }) {
      await assert.rejects(system.tickets().ensure(draft({ correlationId: '' })), kind('terminal'));
      if (system.lab) assert.equal(system.lab.requests(), 0);
    },
  },
  {
    name: 'walks to a stage over those between, never backward, and again without harm',
    async run({ system, draft }) {
      const tickets = system.tickets();
      const ticket = await tickets.ensure(draft());
      assert.equal((await tickets.status(ticket)).stage, 'new');
      assert.equal((await tickets.moveTo(ticket, 'awaiting-approval')).stage, 'awaiting-approval');
      assert.equal((await tickets.moveTo(ticket, 'implementing')).stage, 'implementing');
      assert.equal((await tickets.moveTo(ticket, 'scheduled')).stage, 'implementing');
    },
  },
  {
    name: 'closes with an outcome, and only once',
    async run({ system, draft }) {
      const tickets = system.tickets();
      const ticket = await walked(tickets, draft(), 'implementing');
      const closed = await tickets.close(ticket, { result: 'successful', notes: 'Stopped and proved.' });
      assert.equal(closed.stage, 'closed');
      assert.equal(closed.closedBy, 'Idlewise Integration');
      assert.deepEqual(await tickets.close(ticket, { result: 'unsuccessful', notes: 'again' }), closed);
    },
  },
  {
    name: 'cancels what was never implemented',
    tenant: true,
    async run({ system, draft }) {
      const tickets = system.tickets();
      const ticket = await tickets.ensure(draft());
      assert.ok(
        ['cancelled', 'closed'].includes((await tickets.close(ticket, { result: 'cancelled', notes: 'No.' })).stage),
      );
    },
  },
  {
    name: 'stays and says why while a person has to approve, and moves on after that',
    async run({ system, lab, draft }) {
      const tickets = system.tickets();
      const ticket = await walked(tickets, draft({ riskLevel: 'high' }), 'awaiting-approval');
      await assert.rejects(tickets.moveTo(ticket, 'scheduled'), (error) => {
        assert.ok(isProviderError(error, 'terminal'));
        assert.match(error.message, /cannot be moved from .+ to scheduled: open transitions: /);
        return true;
      });
      assert.equal((await tickets.status(ticket)).stage, 'awaiting-approval');
      await lab.approveAsPerson(ticket);
      assert.equal((await tickets.moveTo(ticket, 'scheduled')).stage, 'scheduled');
    },
  },
  {
    name: 'cancels a success that nobody approved, and says so',
    async run({ system, draft }) {
      const tickets = system.tickets();
      const ticket = await walked(tickets, draft({ riskLevel: 'high' }), 'awaiting-approval');
      assert.equal((await tickets.close(ticket, { result: 'successful', notes: 'Done.' })).stage, 'cancelled');
    },
  },
  {
    name: 'tells who ended a ticket, and neither moves nor rewrites it any more',
    async run({ system, lab, draft }) {
      const tickets = system.tickets();
      const ticket = await tickets.ensure(draft());
      const person = await lab.cancelAsPerson(ticket);
      const status = await tickets.status(ticket);
      assert.equal(status.stage, 'cancelled');
      assert.equal(status.closedBy, person);
      await assert.rejects(tickets.moveTo(ticket, 'scheduled'), kind('terminal'));
      assert.equal((await tickets.ensure(draft({ description: 'new text' }))).created, false);
      assert.equal(lab.edits(), 0);
    },
  },
  {
    name: 'adds a note once per marker, also when the answer is lost',
    async run({ system, lab, draft }) {
      const tickets = system.tickets();
      const ticket = await tickets.ensure(draft());
      lab.breakNote('reset-after-effect');
      const note = { marker: 'round-1/approved', text: 'Ana approved A.' };
      assert.deepEqual(await tickets.addNote(ticket, note), { created: true });
      assert.deepEqual(await tickets.addNote(ticket, note), { created: false });
      assert.deepEqual(await tickets.addNote(ticket, { ...note, marker: 'round-1' }), { created: true });
      assert.equal(lab.notes(ticket.id).length, 2);
      assert.match(lab.notes(ticket.id)[0] ?? '', /Ana approved A\.\s+\[idlewise round-1\/approved\]\s*$/);
    },
  },
  {
    name: 'passes on how long a rate limit asks to wait, and counts an HTML page as an outage',
    async run({ system, lab, draft }) {
      const tickets = system.tickets();
      const ticket = await tickets.ensure(draft());
      lab.breakNote('rate-limited');
      await assert.rejects(tickets.addNote(ticket, { marker: 'a', text: 'n' }), kind('retry-after'));
      lab.breakNote('html-error');
      await assert.rejects(tickets.addNote(ticket, { marker: 'a', text: 'n' }), (error) => isProviderError(error));
      assert.deepEqual(await tickets.addNote(ticket, { marker: 'a', text: 'n' }), { created: true });
      assert.equal(lab.notes(ticket.id).length, 1);
    },
  },
  {
    name: 'takes no path for an id',
    tenant: true,
    async run({ system }) {
      await assert.rejects(system.tickets().status({ id: '../other' }), kind('terminal'));
    },
  },
  {
    name: 'checks itself with a cheap read and a sentence',
    tenant: true,
    async run({ system }) {
      assert.match(await system.tickets().check(), /readable/);
    },
  },
];
