import type { AuditLog } from '../../ports/audit.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { Signer, Verifier } from '../../ports/signing.ts';
import { executionStatement } from '../../ports/statements.ts';
import type { CaseStore } from '../../ports/store.ts';
import { Signature } from '../../schemas/signature.ts';
import type { Trail } from '../shared/trail.ts';

type Body = Readonly<Record<string, unknown>>;

/** Somebody else wrote what only the executor may write: nothing is changed on the strength of it, and it is told as an attack. */
export class ForgedNote extends ProviderError {
  readonly about: string;

  constructor(about: string) {
    super({
      kind: 'terminal',
      provider: 'idlewise',
      operation: 'execute',
      message: `"${about}" is in the records without a signature of this executor; nothing was changed on the strength of it. Find out who can write there`,
    });
    this.name = 'ForgedNote';
    this.about = about;
  }
}

/** True for an event of the trail that an executor signed. */
export function signedEvent(
  { type, payload }: { readonly type: string; readonly payload: Body | null },
  { remediationId, verifier }: { readonly remediationId: string; readonly verifier: Verifier },
): boolean {
  const { signature, ...body } = payload ?? {};
  const { step, planDigest } = body;
  const parsed = Signature.safeParse(signature);
  if (!parsed.success || typeof step !== 'string' || typeof planDigest !== 'string') return false;
  const statement = executionStatement({ remediationId, planDigest, about: `${type}/${step}`, body });
  return verifier.signerOf('execution', statement, parsed.data) === 'role:execute';
}

export interface NotesDeps {
  readonly audit: Pick<AuditLog, 'read'>;
  readonly trail: Trail;
  readonly evidence: Pick<CaseStore, 'putEvidence' | 'getEvidence'>;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly remediationId: string;
  readonly planDigest: string;
}

/**
 * What the executor notes for itself about one plan. From its own notes it concludes that gates were passed, that snapshots are
 * there, or what to put back; so each carries its signature, and a note that anybody else wrote counts for nothing.
 */
export interface OwnNotes {
  /** In the records, replaced when written again. @throws ForgedNote */
  note(about: string): Promise<Body | null>;
  setNote(about: string, body: Body): Promise<void>;
  /** In the trail; the first word stands. @throws ForgedNote */
  event(type: 'INTENT' | 'RESULT' | 'ROLLBACK', key: string): Promise<Body | null>;
  addEvent(type: 'INTENT' | 'RESULT' | 'ROLLBACK', key: string, body: Body): Promise<void>;
}

export function createOwnNotes(deps: NotesDeps): OwnNotes {
  const { audit, trail, evidence, signer, verifier, remediationId, planDigest } = deps;
  const statement = (about: string, body: Body) => executionStatement({ remediationId, planDigest, about, body });
  const sealed = (about: string, body: Body) => ({
    ...body,
    signature: signer.sign('execution', statement(about, body)),
  });
  const opened = (about: string, stored: Body): Body => {
    const { signature, ...body } = stored;
    const parsed = Signature.safeParse(signature);
    if (parsed.success && verifier.signerOf('execution', statement(about, body), parsed.data) === 'role:execute')
      return body;
    throw new ForgedNote(about);
  };
  const id = (about: string) => `${planDigest}/${about}`;
  return {
    async note(about) {
      const stored = await evidence.getEvidence(id(about));
      return stored && opened(about, stored);
    },
    setNote: (about, body) => evidence.putEvidence(id(about), sealed(about, body)),
    async event(type, key) {
      const about = `${type}/${key}`;
      const found = await audit.read(trail.eventId(type, id(key)));
      // Erased: what it said is gone, and with it the proof of who said it.
      if (found && found.payload === null) throw new ForgedNote(about);
      return found?.payload ? opened(about, found.payload) : null;
    },
    async addEvent(type, key, body) {
      await trail.record(type, id(key), sealed(`${type}/${key}`, body));
    },
  };
}
