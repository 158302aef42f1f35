import { REASON } from '../providers/chat/buttons.ts';
import { REASON_TOO_SHORT } from '../providers/chat/card-words.ts';

/** What is wrong with a reason, for the form itself; null when it will do. */
export function reasonProblem(reason: string | null): string | null {
  const length = reason?.length ?? 0;
  if (length < REASON.min) return REASON_TOO_SHORT;
  return length > REASON.max ? `Please keep it under ${REASON.max} characters.` : null;
}
