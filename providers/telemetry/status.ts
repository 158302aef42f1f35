import { ProviderErrorKind } from '../../ports/errors.ts';
import { kindOfStatus as usualKind } from '../http/failure.ts';

/** What was sent is wrong in itself and will be next time. */
const UNACCEPTABLE: ReadonlySet<number> = new Set([400, 413, 422]);

/** What an intake's status means for the batch: other refusals are about the address or the moment, and may pass. */
export function kindOfStatus(status: number): ProviderErrorKind {
  if (UNACCEPTABLE.has(status)) return ProviderErrorKind.Terminal;
  const kind = usualKind(status);
  return kind === ProviderErrorKind.Terminal ? ProviderErrorKind.Unavailable : kind;
}
