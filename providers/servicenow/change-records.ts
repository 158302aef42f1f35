/** One change request. `values` are database values as text, `labels` what a person reads. Absent columns are absent. */
export interface ChangeRecord {
  readonly id: string;
  readonly number: string;
  readonly values: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface NextStates {
  /** States the change may be in next; the current one is listed too. */
  readonly available: readonly string[];
  /** Labels by state value. */
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the conditions that hold back each other state. */
  readonly unmet: Readonly<Record<string, readonly string[]>>;
}

/** Change requests, however the instance lets us reach them. Throws ProviderError. */
export interface ChangeRecords {
  /** Not idempotent: look for the correlation id first, and again after a doubtful failure. */
  create(values: Readonly<Record<string, string>>): Promise<ChangeRecord>;
  read(id: string): Promise<ChangeRecord>;
  /** Throws Terminal when the instance did not take a field. */
  patch(id: string, values: Readonly<Record<string, string>>): Promise<ChangeRecord>;
  nextStates(id: string): Promise<NextStates>;
}

/** Fields that are appended to a journal and read back empty. */
export const JOURNAL_FIELDS: readonly string[] = ['work_notes', 'comments'];
