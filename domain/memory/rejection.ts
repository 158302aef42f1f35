import type { RejectionCode } from '../../schemas/memory.ts';
import { cleanText } from '../untrusted-text.ts';

/** Most telling first. Read on folded text; a word we do not know makes no code. */
const PATTERNS: readonly (readonly [RegExp, RejectionCode])[] = [
  [
    /\b(legal|litigation|audit|retention|compliance)\b.{0,20}\b(hold|freeze|retention|evidence)\b|\blegal[- ]?hold\b/,
    'legal-hold',
  ],
  [
    /\b(dr|disaster|failover|fail-over|stand-?by|passive node|secondary|hot spare|recovery site)\b/,
    'standby-or-failover',
  ],
  [
    /\b(month|quarter|year|week)[- ]?(end|ly|s end)\b|\b(weekly|monthly|quarterly|yearly|annual(ly)?|seasonal(ly)?|periodic(ally)?|once a (week|month|quarter|year)|batch|cron|scheduled job|closing run|peak season)\b/,
    'needed-periodically',
  ],
  [
    /\b(licen[cs]ed?|mac address|dongle|host ?id|certificate|allow-?list|white-?list|static ip|fixed ip)\b/,
    'licence-or-identity-bound',
  ],
  [
    /\b(no|not|never|without|missing|lacks?)\b.{0,20}\b(back-?ups?|backed up|snapshots?|copy|copies)\b|\bonly copy\b/,
    'data-not-backed-up',
  ],
  [
    /\b(not|isn't|wrong)\b.{0,12}\b(my|our|mine|ours|owner|team)\b|\b(wrong|other|another|different) (owner|team)\b|\bbelongs to\b/,
    'wrong-owner',
  ],
  [
    /\b(is|it's|actually|really) (in )?prod(uction)?\b|\b(not|isn't|wrong)\b.{0,12}\b(dev|test|staging|sandbox|environment|env|label)\b|\bmis-?(labelled|tagged|labeled)\b/,
    'wrong-environment',
  ],
  [
    /\b(terraform|cloudformation|pulumi|ansible|auto ?scaling|karpenter|kubernetes|managed by|pipeline recreates|controller)\b/,
    'managed-elsewhere',
  ],
  [
    /\b(migrat\w*|decommission\w*|retir\w*|replac\w*|being removed|already planned|sunset\w*|phase[ds]? out)\b/,
    'planned-anyway',
  ],
  [
    /\b(in use|still us(ed|ing)|using it|needed?|depends? on|dependen\w*|customers?|active|busy|we use|required|running)\b/,
    'in-use',
  ],
];

/** The nearest code for what a person wrote. The words themselves go no further than this function. */
export function rejectionCode(reason: string): RejectionCode {
  const words = cleanText(reason, 1000).toLowerCase();
  return PATTERNS.find(([pattern]) => pattern.test(words))?.[1] ?? 'other';
}
