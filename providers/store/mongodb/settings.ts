import { z } from 'zod';
import type { SettingsStore } from '../../../ports/store.ts';
import type { Connection } from './connect.ts';
import { key, parse } from './documents.ts';

const KILL_SWITCH = 'kill-switch';
const StoredSwitch = z.object({ on: z.boolean(), by: z.string(), at: z.string() });
const StoredPhase = z.object({ phase: z.enum(['observe', 'approve', 'automate']) });

export function createSettings(connection: Connection): SettingsStore {
  const settings = connection.durable('settings');
  const read = (_id: string) => connection.run('settings.get', () => settings.findOne({ _id }));
  const write = (_id: string, body: Record<string, unknown>) =>
    connection.run('settings.put', () => settings.replaceOne({ _id }, body, { upsert: true }));

  return {
    async killSwitch() {
      const raw = await read(KILL_SWITCH);
      if (!raw) return { on: false, by: null, at: null };
      return parse(StoredSwitch, raw, { collection: 'settings', id: KILL_SWITCH });
    },
    async setKillSwitch({ on, by, at }) {
      await write(KILL_SWITCH, { on, by, at });
    },

    async phase(accountId, region) {
      for (const _id of [phaseId(accountId, region), phaseId(accountId, null)]) {
        const raw = await read(_id);
        if (raw) return parse(StoredPhase, raw, { collection: 'settings', id: _id }).phase;
      }
      return null;
    },
    async setPhase({ accountId, region, phase, by, at }) {
      await write(phaseId(accountId, region), { phase, by, at });
    },
  };
}

function phaseId(accountId: string, region: string | null): string {
  return JSON.stringify(['phase', key(accountId, 'accountId'), region === null ? null : key(region, 'region')]);
}
