/** What is wrong, as a code for machines; the explanation beside it is for people. */
export const ProblemKind = {
  MalformedLine: 'malformed-line',
  HashMismatch: 'hash-mismatch',
  ChainBroken: 'chain-broken',
  SequenceGap: 'sequence-gap',
  PayloadChanged: 'payload-changed',
  PayloadMissing: 'payload-missing',
  StreamRepeated: 'stream-repeated',
  StreamDropped: 'stream-dropped',
  TailCut: 'tail-cut',
  HistoryRewritten: 'history-rewritten',
  CheckpointForged: 'checkpoint-forged',
  CheckpointDropped: 'checkpoint-dropped',
  AnchorMismatch: 'anchor-mismatch',
  WrongKey: 'wrong-key',
  EnvelopeBroken: 'envelope-broken',
} as const;
export type ProblemKind = (typeof ProblemKind)[keyof typeof ProblemKind];

export interface Problem {
  /** Null when the problem is not in one event. */
  readonly stream: string | null;
  readonly seq: number | null;
  readonly kind: ProblemKind;
  readonly explanation: string;
}

export function problem(
  kind: ProblemKind,
  explanation: string,
  place: { stream: string | null; seq: number | null } = { stream: null, seq: null },
): Problem {
  return { stream: place.stream, seq: place.seq, kind, explanation };
}
