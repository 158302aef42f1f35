import { ProviderError } from '../../ports/errors.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Store } from '../../ports/store.ts';
import type { AuditEntry } from '../../schemas/audit.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { Plan } from '../../schemas/option.ts';
import type { CaseDocument, LedgerEntry, RemediationDocument } from '../../schemas/records.ts';

/** What the activities under test keep; copied in and out as a database would. */
export interface MemoryRecords {
  readonly plans: Map<string, Plan>;
  readonly cases: Map<string, CaseDocument>;
  readonly approvals: Map<string, ApprovalRequest>;
  readonly decisions: Decision[];
  readonly evidence: Map<string, Record<string, unknown>>;
  readonly ledger: LedgerEntry[];
  readonly remediations: Map<string, Partial<RemediationDocument>>;
  /** Reservations held now, by id. */
  readonly held: Set<string>;
  /** Name of a scope that has no place left. */
  exceeded: string | null;
  killSwitch: boolean;
  readonly store: Store;
}

/** Only the parts of the store that execution, verification and closing use; touching another part fails the test. */
export function memoryRecords(): MemoryRecords {
  const records: Omit<MemoryRecords, 'store'> = {
    plans: new Map(),
    cases: new Map(),
    approvals: new Map(),
    decisions: [],
    evidence: new Map(),
    ledger: [],
    remediations: new Map(),
    held: new Set(),
    exceeded: null,
    killSwitch: false,
  };
  const copy = <T>(value: T | undefined): T | null => (value === undefined ? null : structuredClone(value));
  const parts: Pick<Store, 'budgets' | 'settings'> & {
    cases: Store['cases'];
    assets: Pick<Store['assets'], 'get'>;
    approvals: Pick<Store['approvals'], 'get' | 'open' | 'decisionsOn' | 'recordDecision' | 'transition'>;
    ledger: Pick<Store['ledger'], 'put'>;
    remediations: Pick<Store['remediations'], 'upsert' | 'list'>;
  } = {
    cases: {
      put: async (document) => void records.cases.set(document.caseId, structuredClone(document)),
      get: async (caseId) => copy(records.cases.get(caseId)),
      putPlan: async (digest, plan) => void records.plans.set(digest, structuredClone(plan)),
      getPlan: async (digest) => copy(records.plans.get(digest)),
      putEvidence: async (id, body) => void records.evidence.set(id, structuredClone(body)),
      getEvidence: async (id) => copy(records.evidence.get(id)),
    },
    assets: { get: async () => null },
    approvals: {
      get: async (id) => copy(records.approvals.get(id)),
      open: async () => structuredClone([...records.approvals.values()].filter((a) => a.status === 'open')),
      async recordDecision(decision) {
        if (records.decisions.some((d) => d.decisionId === decision.decisionId)) return 'duplicate';
        records.decisions.push(structuredClone(decision));
        return 'recorded';
      },
      decisionsOn: async (id) => structuredClone(records.decisions.filter((d) => d.approvalId === id)),
      async transition(id, from, to) {
        const approval = records.approvals.get(id);
        if (approval?.status !== from) return false;
        records.approvals.set(id, { ...approval, status: to });
        return true;
      },
    },
    ledger: { put: async (entry) => void records.ledger.push(structuredClone(entry)) },
    remediations: {
      list: async ({ stage } = {}) =>
        [...records.remediations.values()].filter((r) => r.stage === stage) as RemediationDocument[],
      upsert: async (document) =>
        void records.remediations.set(document.remediationId, {
          ...records.remediations.get(document.remediationId),
          ...structuredClone(document),
        }),
    },
    budgets: {
      async reserve({ reservationId, scopes }) {
        const exceeded = scopes.find((s) => records.exceeded !== null && s.scope.startsWith(records.exceeded));
        if (exceeded) return { granted: false, exceeded: exceeded.scope, used: {} };
        records.held.add(reservationId);
        return { granted: true, exceeded: null, used: Object.fromEntries(scopes.map((s) => [s.scope, 0])) };
      },
      release: async (id) => void records.held.delete(id),
    },
    settings: {
      killSwitch: async () => ({ on: result.killSwitch, by: result.killSwitch ? 'ops' : null, at: null }),
      setKillSwitch: async () => undefined,
      phase: async () => null,
      setPhase: async () => undefined,
    },
  };
  const result: MemoryRecords = Object.assign(records, { store: parts as unknown as Store });
  return result;
}

export interface MemoryAudit extends AuditLog {
  readonly entries: AuditEntry[];
  /** The append that fails, counted from one, and every later one; 0: none. */
  failFrom: number;
  types(): string[];
}

/** A trail without the chain: what was appended, in order, once per event id. */
export function memoryAudit(): MemoryAudit {
  const entries: AuditEntry[] = [];
  const audit: MemoryAudit = {
    entries,
    failFrom: 0,
    types: () => entries.map((e) => e.type),
    has: async (eventId) => entries.some((e) => e.eventId === eventId),
    async read(eventId) {
      const found = entries.find((e) => e.eventId === eventId);
      if (!found) return null;
      const { payload, ...event } = structuredClone(found);
      return { event: { ...event, v: 1, seq: 1, payloadDigest: '', prevHash: '', hash: '' }, payload };
    },
    async append(entry) {
      if (audit.failFrom > 0 && entries.length + 1 >= audit.failFrom)
        throw new ProviderError({
          kind: 'unavailable',
          provider: 'audit',
          operation: 'append',
          message: 'the trail cannot be written',
        });
      const there = entries.find((e) => e.eventId === entry.eventId);
      if (there && JSON.stringify(there.payload) !== JSON.stringify(entry.payload))
        throw new ProviderError({
          kind: 'terminal',
          provider: 'audit',
          operation: 'append',
          message: `IDEMPOTENCY_MISMATCH: ${entry.eventId} is in the trail with another payload`,
        });
      if (!there) entries.push(structuredClone(entry));
      const { payload: _, ...rest } = entry;
      return { ...rest, v: 1, seq: entries.length, payloadDigest: '', prevHash: '', hash: '' };
    },
    async *stream(name) {
      for (const entry of entries.filter((e) => e.stream === name))
        yield { ...structuredClone(entry), v: 1, seq: 1, payloadDigest: '', prevHash: '', hash: '', salt: null };
    },
    streams: async () => [],
    checkpoint: async () => ({ number: 1, digest: '', broken: [] }),
  };
  return audit;
}
