import type { Hono } from 'hono';
import { z } from 'zod';
import { approvalsFor, decide, moveChange } from './change-model.ts';
import { Refused, type World } from './context.ts';
import { createUsers, personOf } from './seed.ts';
import type { Row } from './store.ts';

const Step = z.discriminatedUnion('do', [
  z.object({ do: z.literal('open-incident'), resourceId: z.string() }),
  z.object({ do: z.literal('resolve-incidents'), resourceId: z.string() }),
  z.object({ do: z.enum(['close-change', 'cancel-change', 'reject-change']), number: z.string(), by: z.string() }),
  /** `types` empty: the check reads "Conflict" and lists none. */
  z.object({ do: z.literal('conflict'), resourceId: z.string(), types: z.array(z.string()) }),
  /** Withholds a row from the integration account. */
  z.object({ do: z.literal('hide'), table: z.string(), sysId: z.string() }),
]);
const Approval = z.object({ number: z.string(), by: z.string().optional() });

/** What people do behind Idlewise's back: `POST /__sim/world` and `POST /__sim/approve`. */
export function registerWorld(app: Hono, world: World): void {
  app.post('/__sim/world', async (c) => {
    const step = Step.safeParse(await c.req.json().catch(() => null));
    if (!step.success) return c.json({ error: z.prettifyError(step.error) }, 400);
    const done = perform(world, step.data);
    return done === null ? c.json({ error: 'no such configuration item or change' }, 404) : c.json(done);
  });
  app.post('/__sim/approve', async (c) => {
    const asked = Approval.safeParse(await c.req.json().catch(() => null));
    if (!asked.success) return c.json({ error: z.prettifyError(asked.error) }, 400);
    const row = byNumber(world, asked.data.number);
    if (!row) return c.json({ error: 'no such change' }, 404);
    try {
      return c.json({ approval: approveAs(world, row, asked.data.by), number: row.number });
    } catch (error) {
      if (error instanceof Refused) return c.json({ error: error.message }, 409);
      throw error;
    }
  });
}

/** Approves as the named person, or as the first one who is asked. @throws Refused when no approval is pending. */
export function approveAs(world: World, row: Row, by?: string): string {
  const first = approvalsFor(world, row).find((approval) => approval.state === 'requested')?.approver;
  const userName = by === undefined ? world.store.get('sys_user', first ?? '')?.user_name : personOf(by).userName;
  decide(world, row, { by: userName ?? '', state: 'approved', comments: 'Approved in ServiceNow' });
  return row.approval ?? '';
}

/** Ends a change as a person would who has every right. */
export function endAs(world: World, row: Row, end: { by: string; cancel: boolean; notes: string }): void {
  const person = personOf(end.by);
  createUsers(world.store).user(person);
  const code = end.cancel ? {} : { close_code: 'unsuccessful' };
  world.store.update(row, { ...code, close_notes: end.notes }, person.userName);
  moveChange(world, row, { to: end.cancel ? '4' : '3', by: person.userName, force: true });
}

export function byNumber(world: World, number: string): Row | undefined {
  return world.store.rows('change_request').find((row) => row.number === number);
}

function perform(world: World, step: z.infer<typeof Step>): Record<string, unknown> | null {
  const { store } = world;
  switch (step.do) {
    case 'open-incident': {
      const ci = ciOf(world, step.resourceId);
      if (!ci) return null;
      const values = {
        short_description: `Users report errors on ${ci.name}`,
        cmdb_ci: ci.sys_id ?? '',
        state: '2',
        priority: '2',
      };
      const incident = store.insert('incident', { ...values, active: 'true' }, 'service.desk');
      return { number: incident.number };
    }
    case 'resolve-incidents': {
      const ci = ciOf(world, step.resourceId);
      const open = store.rows('incident').filter((row) => row.cmdb_ci === ci?.sys_id && row.active === 'true');
      for (const row of open) store.update(row, { state: '6', active: 'false' }, 'service.desk');
      return ci ? { resolved: open.length } : null;
    }
    case 'close-change':
    case 'cancel-change':
    case 'reject-change': {
      const row = byNumber(world, step.number);
      if (!row) return null;
      if (step.do === 'reject-change') {
        moveChange(world, row, { to: '-5', by: personOf(step.by).userName, force: true });
        store.update(row, { approval: 'rejected' }, personOf(step.by).userName);
      } else endAs(world, row, { by: step.by, cancel: step.do === 'cancel-change', notes: 'Ended in ServiceNow' });
      return { number: row.number, state: row.state };
    }
    case 'conflict': {
      const ci = ciOf(world, step.resourceId);
      if (!ci) return null;
      world.conflicts.set(ci.sys_id ?? '', step.types);
      return { ci: ci.sys_id };
    }
    case 'hide':
      world.hidden.add(`${step.table}/${step.sysId}`);
      return { hidden: world.hidden.size };
  }
}

function ciOf(world: World, resourceId: string): Row | undefined {
  return world.store.rows('cmdb_ci_vm_object').find((row) => row.object_id === resourceId && resourceId !== '');
}
