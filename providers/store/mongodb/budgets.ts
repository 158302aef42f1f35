import { z } from 'zod';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { BudgetStore } from '../../../ports/store.ts';
import { createCounters } from './budget-counters.ts';
import type { Connection } from './connect.ts';
import { key, parse } from './documents.ts';
import { isDuplicateKey, storeError } from './errors.ts';

const StoredReservation = z.object({
  state: z.enum(['pending', 'granted', 'refused', 'released']),
  /** Grows each time a refused or released reservation is asked for again, so that late rollbacks miss the new one. */
  attempt: z.number().int(),
  scopes: z.array(z.string()),
});
type Reservation = z.infer<typeof StoredReservation>;

/** Callers of one reservationId joining and leaving at once settle within a few rounds; this bounds a live-lock. */
const MAX_ROUNDS = 20;

/**
 * A reservation is one document (pending → granted | refused, granted → released) and one place in each scope's
 * counter. The document's compare-and-set decides; places are taken before it and given back after it, so that a
 * crash in between leaves a place taken, never a limit exceeded.
 */
export function createBudgets(connection: Connection): BudgetStore {
  const reservations = connection.durable('budget_reservations');
  const counters = createCounters(connection);

  const load = async (id: string): Promise<Reservation | null> => {
    const raw = await connection.run('budgets.get', () => reservations.findOne({ _id: id }));
    return raw && parse(StoredReservation, raw, { collection: 'budget_reservations', id });
  };
  const settle = async (id: string, from: Reservation, to: Reservation['state']): Promise<boolean> => {
    const { matchedCount } = await connection.run('budgets.settle', () =>
      reservations.updateOne({ _id: id, state: from.state, attempt: from.attempt }, { $set: { state: to } }),
    );
    return matchedCount === 1;
  };
  const open = async (id: string, scopes: readonly string[], at: string): Promise<Reservation> => {
    const first = { state: 'pending' as const, attempt: 1, scopes: [...scopes] };
    try {
      await connection.run('budgets.open', () => reservations.insertOne({ _id: id, ...first, at }));
      return first;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const known = await load(id);
    if (!known || known.state === 'pending' || known.state === 'granted') return known ?? first;
    await counters.giveBack(known.scopes, place(id, known));
    const again = { state: 'pending' as const, attempt: known.attempt + 1, scopes: [...scopes] };
    await connection.run('budgets.reopen', () =>
      reservations.updateOne({ _id: id, state: known.state, attempt: known.attempt }, { $set: { ...again, at } }),
    );
    return (await load(id)) ?? again;
  };

  return {
    async reserve({ reservationId, scopes, at }) {
      const id = key(reservationId, 'reservationId');
      const names = scopes.map((s) => key(s.scope, 'scope'));
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const reservation = await open(id, names, at);
        const mine = place(id, reservation);
        if (reservation.state === 'granted')
          return { granted: true, exceeded: null, used: await counters.used(names, mine) };
        if (reservation.state !== 'pending') continue;

        const exceeded = await counters.take(scopes, mine);
        const settled = await settle(id, reservation, exceeded === null ? 'granted' : 'refused');
        if (settled && exceeded === null)
          return { granted: true, exceeded: null, used: await counters.used(names, mine) };
        if (settled) {
          await counters.giveBack(names, mine);
          return { granted: false, exceeded, used: await counters.used(names, mine) };
        }
        // Another caller of the same reservation was quicker: take back what its verdict does not cover, look again.
        const now = await load(id);
        if (now?.state !== 'granted' || now.attempt !== reservation.attempt) await counters.giveBack(names, mine);
      }
      throw storeError('budgets.reserve', ProviderErrorKind.Unavailable, `reservation ${id} is contended; try again`);
    },

    async release(reservationId) {
      const id = key(reservationId, 'reservationId');
      const reservation = await load(id);
      if (!reservation) return;
      if (reservation.state === 'granted') await settle(id, reservation, 'released');
      const after = await load(id);
      if (after?.state === 'released' || after?.state === 'refused')
        await counters.giveBack(after.scopes, place(id, after));
    },
  };
}

function place(id: string, reservation: Reservation): string {
  return `${id}#${reservation.attempt}`;
}
