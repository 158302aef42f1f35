import { z } from 'zod';
import { placesOf } from '../../domain/places.ts';
import { effectivePhase } from '../../domain/phase.ts';
import type { Config } from '../../config/schema.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Phase } from '../../ports/policy.ts';
import type { Verifier } from '../../ports/signing.ts';
import { settingStatement } from '../../ports/statements.ts';
import type { SettingsStore } from '../../ports/store.ts';
import { Phase as PhaseShape } from '../../schemas/phase.ts';
import { Signature } from '../../schemas/signature.ts';

// The records hold the settings for who wants to look at them; what counts is what administrators signed into the trail. So
// whoever can only write to the database can stop everything, and loosen nothing.

export interface KillSwitch {
  readonly on: boolean;
  readonly by: string | null;
}

export interface SettingsInForce {
  killSwitch(): Promise<KillSwitch>;
  phase(place: { readonly accountId: string; readonly region: string }): Promise<Phase>;
}

export interface SettingsDeps {
  readonly config: Pick<Config, 'accounts' | 'azure' | 'gcp' | 'directory'>;
  readonly settings: Pick<SettingsStore, 'killSwitch' | 'phase'>;
  readonly audit: Pick<AuditLog, 'stream'>;
  readonly verifier: Verifier;
}

const Switched = z.object({ state: z.enum(['on', 'off']), at: z.string(), signature: Signature.nullish() });
const PhaseSet = z.object({
  accountId: z.string(),
  region: z.string().nullable(),
  phase: PhaseShape,
  at: z.string(),
  signatures: z.array(Signature).default([]),
});

interface Said<T> {
  readonly actor: string;
  readonly at: string;
  readonly payload: T | null;
}

/** Least powerful first. */
const ORDER: readonly Phase[] = ['observe', 'approve', 'automate'];
const milder = (a: Phase, b: Phase): Phase => (ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b);

export function createSettingsInForce({ config, settings, audit, verifier }: SettingsDeps): SettingsInForce {
  const isAdmin = (name: string | null) =>
    config.directory.people.some(
      ({ subject, groups }) => groups.includes('admins') && name === `person:${subject.trim().toLowerCase()}`,
    );
  const adminsBehind = (statement: unknown, signatures: readonly (Signature | null | undefined)[]): number =>
    new Set(signatures.map((s) => verifier.signerOf('setting', statement, s)).filter(isAdmin)).size;

  return {
    async killSwitch() {
      const [row, events] = await Promise.all([settings.killSwitch(), said('KILL_SWITCH', Switched)]);
      if (row.on) return { on: true, by: row.by };
      let last: KillSwitch = { on: false, by: null };
      let since = '';
      for (const { actor, at: written, payload } of events) {
        if (payload === null || payload.state === 'on') {
          last = { on: true, by: actor };
          since = payload?.at ?? written;
        } else if (payload.at > since) {
          const { state, at, signature } = payload;
          if (adminsBehind(settingStatement({ setting: 'kill-switch', state, at }), [signature]) > 0)
            last = { on: false, by: null };
        }
      }
      return last;
    },

    async phase({ accountId, region }) {
      const configured = effectivePhase(placesOf(config), accountId, region);
      const [row, events] = await Promise.all([settings.phase(accountId, region), said('PHASE_CHANGED', PhaseSet)]);
      let account: Phase | null = null;
      let here: Phase | null = null;
      let since = '';
      for (const { payload } of events) {
        if (payload === null) return 'observe';
        if (payload.accountId !== accountId || (payload.region !== null && payload.region !== region)) continue;
        const { signatures, ...set } = payload;
        // What was signed once is not said again by whoever can write into the trail.
        if (set.at <= since) continue;
        // Going back to looking on takes no proof; everything else takes two administrators.
        if (set.phase !== 'observe' && adminsBehind(settingStatement({ setting: 'phase', ...set }), signatures) < 2)
          continue;
        since = set.at;
        if (set.region === null) account = set.phase;
        else here = set.phase;
      }
      const signed = here ?? account;
      if (signed !== null) return row === null ? signed : milder(signed, row);
      // Only in the records: it may hold back, and not let loose.
      return row === null ? configured : milder(configured, row);
    },
  };

  /** What the trail says about one kind of setting, oldest first; null where it cannot be read. */
  async function said<T>(type: string, shape: z.ZodType<T>): Promise<readonly Said<T>[]> {
    const found: Said<T>[] = [];
    for await (const event of audit.stream('config'))
      if (event.type === type)
        found.push({ actor: event.actor.id, at: event.at, payload: shape.safeParse(event.payload).data ?? null });
    return found;
  }
}
