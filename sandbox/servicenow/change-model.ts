import { Refused, type World } from './context.ts';
import { STATE_LABELS } from './schema.ts';
import { type Row, stableId, timestamp } from './store.ts';

export type ChangeState = keyof typeof STATE_LABELS;
export interface Transition {
  readonly to: ChangeState;
  readonly conditions: readonly { name: string; passed: boolean }[];
}

const FORWARD: Readonly<Record<string, readonly ChangeState[]>> = {
  normal: ['-5', '-4', '-3', '-2', '-1', '0', '3'],
  emergency: ['-5', '-3', '-2', '-1', '0', '3'],
  standard: ['-5', '-2', '-1', '0', '3'],
};
/** Nobody is asked twice: entering the first of these requests the approval that opens the way past them. */
const GATED: readonly ChangeState[] = ['-4', '-3'];

/**
 * The change model of this instance. Approval is asked for on entering Assess (emergency: Authorize). A policy approves
 * low and moderate risk; high risk waits for one member of the assignment group. Approved changes do not move by
 * themselves: whoever implements them moves them on.
 */
export function transitionsOf(row: Row): Transition[] {
  const way = FORWARD[row.type ?? ''] ?? FORWARD.normal ?? [];
  const state = row.state as ChangeState;
  const next = way[way.indexOf(state) + 1];
  const transitions: Transition[] = [];
  if (next && state !== '3' && state !== '4')
    transitions.push({
      to: next,
      conditions: GATED.includes(state) ? [{ name: 'Change is approved', passed: row.approval === 'approved' }] : [],
    });
  if (GATED.includes(state)) transitions.push({ to: '-5', conditions: [] });
  if (['-5', '-4', '-3', '-2', '-1'].includes(state)) transitions.push({ to: '4', conditions: [] });
  return transitions;
}

export function isOpen(transition: Transition): boolean {
  return transition.conditions.every((condition) => condition.passed);
}

/** A new change in state New. */
export function newChange(world: World, values: Row, { by, type }: { by: string; type: string }): Row {
  const opener = world.store.rows('sys_user').find((user) => user.user_name === by)?.sys_id ?? '';
  return world.store.insert(
    'change_request',
    {
      risk: '3',
      impact: '3',
      urgency: '3',
      priority: '4',
      chg_model: 'Automated remediation',
      requested_by: opener,
      ...values,
      type,
      state: '-5',
      approval: 'not requested',
      active: 'true',
      opened_by: opener,
      opened_at: timestamp(),
    },
    by,
  );
}

/** @throws Refused when the model has no open transition there, or closing lacks its code and notes. */
export function moveChange(
  world: World,
  row: Row,
  { to, by, force }: { to: string; by: string; force?: boolean },
): void {
  const from = row.state ?? '';
  if (to === from) return;
  if (!force) {
    const transition = transitionsOf(row).find((t) => t.to === to);
    if (!transition) throw new Refused(`Invalid transition from ${label(from)} to ${label(to)}`);
    const unmet = transition.conditions.filter((condition) => !condition.passed).map((condition) => condition.name);
    if (unmet.length > 0) throw new Refused(`Transition to ${label(to)} is not available: ${unmet.join(', ')}`);
    if (to === '3' && !(row.close_code && row.close_notes))
      throw new Refused('Close code and close notes are mandatory');
  }
  const { store } = world;
  const now = timestamp();
  const user = store.rows('sys_user').find((u) => u.user_name === by)?.sys_id ?? '';
  const over = to === '3' || to === '4';
  store.update(
    row,
    {
      state: to,
      ...(to === '-1' ? { work_start: now } : {}),
      ...(to === '0' ? { work_end: now } : {}),
      ...(over ? { active: 'false', closed_at: now, closed_by: user } : {}),
    },
    by,
  );
  store.insert(
    'sys_audit',
    { documentkey: row.sys_id ?? '', fieldname: 'state', oldvalue: from, newvalue: to, user: by },
    by,
  );
  if (to === '-5' || over) settle(world, row, 'cancelled');
  if (to === '-5') store.update(row, { approval: 'not requested' }, by);
  if (GATED.includes(to as ChangeState) && row.approval !== 'approved') requestApproval(world, row);
}

/** Writes columns and then the state, or nothing at all when the move is refused. */
export function changeRow(world: World, row: Row, { values, by }: { values: Row; by: string }): void {
  const before = { ...row };
  const { state, ...columns } = values;
  world.store.update(row, columns, by);
  try {
    if (state !== undefined) moveChange(world, row, { to: state, by });
  } catch (error) {
    world.store.update(row, before, by);
    Object.assign(row, before);
    throw error;
  }
}

/** A person's decision on the change. Rejection sends it back to New. @throws Refused when this user is not asked. */
export function decide(world: World, row: Row, decision: { by: string; state: string; comments: string }): void {
  const { store } = world;
  const user = store.rows('sys_user').find((u) => u.user_name === decision.by);
  const mine = approvalsFor(world, row).find((a) => a.approver === user?.sys_id && a.state === 'requested');
  if (!mine) throw new Refused('User has no pending approval for this change');
  if (decision.state !== 'approved' && decision.state !== 'rejected')
    throw new Refused('state must be approved or rejected');
  if (decision.state === 'rejected' && decision.comments === '')
    throw new Refused('comments are mandatory when rejecting');
  store.update(mine, { state: decision.state, comments: decision.comments }, decision.by);
  settle(world, row, 'not_required');
  if (decision.state === 'rejected') moveChange(world, row, { to: '-5', by: decision.by, force: true });
  store.update(row, { approval: decision.state }, decision.by);
}

export function approvalsFor(world: World, row: Row): Row[] {
  return world.store.rows('sysapproval_approver').filter((approval) => approval.sysapproval === row.sys_id);
}

function requestApproval(world: World, row: Row): void {
  const { store, settings } = world;
  if (settings.autoApprovedRisks.includes(row.risk ?? '')) {
    store.update(row, { approval: 'approved' }, 'system');
    const value = 'Approved by the policy "Automated remediation of low or moderate risk".';
    store.journal(row, { element: 'work_notes', value, by: 'system' });
    return;
  }
  store.update(row, { approval: 'requested' }, 'system');
  const change = { sysapproval: row.sys_id ?? '', document_id: row.sys_id ?? '', source_table: 'change_request' };
  const members = membersOf(world, row.assignment_group ?? '');
  const fallback = stableId('sys_user_group', settings.changeGroup);
  for (const [approver, group] of members.length > 0 ? members : membersOf(world, fallback))
    store.insert('sysapproval_approver', { ...change, approver, group, state: 'requested' }, 'system');
}

function membersOf(world: World, group: string): [user: string, group: string][] {
  const members = world.store.rows('sys_user_grmember').filter((member) => member.group === group);
  return members.map((member) => [member.user ?? '', group]);
}

function settle(world: World, row: Row, state: 'cancelled' | 'not_required'): void {
  for (const approval of approvalsFor(world, row))
    if (approval.state === 'requested') world.store.update(approval, { state }, 'system');
}

function label(state: string): string {
  return STATE_LABELS[state as ChangeState] ?? state;
}
