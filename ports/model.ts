/** What a model may be told: bands, pseudonyms and enumerations only. Built by domain/, checked by the egress guard. */
export interface ModelPrompt {
  readonly system: string;
  readonly user: string;
  /** Evidence ids the answer may cite. */
  readonly evidenceIds: readonly string[];
  /** Options it may comment on. */
  readonly optionIds: readonly string[];
}

/** A validated answer. It can only raise risk or veto. */
export interface ModelAnswer {
  readonly riskDelta: 0 | 1 | 2 | 'veto';
  readonly reasonCodes: readonly string[];
  readonly questions: readonly string[];
  readonly evidenceIds: readonly string[];
  readonly summary: string | null;
}

export type ModelResult =
  | { readonly ok: true; readonly answer: ModelAnswer; readonly exchange: ModelExchange }
  | {
      readonly ok: false;
      readonly failure: ModelFailure;
      readonly exchange: ModelExchange | null;
      /** With `egress-blocked`: the class of what was found, e.g. `account-id`; never the text itself. */
      readonly blocked?: string;
    };

export type ModelFailure =
  | 'not-configured'
  | 'egress-blocked'
  | 'timeout'
  | 'rate-limited'
  | 'quota-exhausted'
  | 'unavailable'
  | 'schema-invalid'
  | 'refused'
  | 'truncated'
  | 'unauthorised';

/** Kept as evidence whatever happened. Contains no secret and no identifier: it passed the egress guard. */
export interface ModelExchange {
  readonly model: string;
  readonly requestBody: string;
  readonly rawAnswer: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly attempts: number;
}

/** A language model that assesses risk. Never throws for a model's misbehaviour: a failure is an answer. */
export interface ModelPort {
  readonly vendor: string;
  assess(prompt: ModelPrompt): Promise<ModelResult>;
  check(): Promise<string>;
}
