/** Tokens used per UTC day by this process. Reserved before a call at the worst case, settled after it. */
export interface TokenBudget {
  /** False when the day's budget would be exceeded; nothing is reserved then. */
  reserve(tokens: number): boolean;
  /** Replaces a reservation by what was really used; null when the server did not say, which counts as all of it. */
  settle(reserved: number, used: number | null): void;
}

export function createTokenBudget(perDay: number, now: () => Date = () => new Date()): TokenBudget {
  let day = '';
  let used = 0;
  const roll = () => {
    const today = now().toISOString().slice(0, 10);
    if (today !== day) [day, used] = [today, 0];
  };
  return {
    reserve: (tokens) => {
      roll();
      if (used + tokens > perDay) return false;
      used += tokens;
      return true;
    },
    settle: (reserved, actual) => {
      const before = day;
      roll();
      if (actual !== null && before === day) used += Math.max(0, actual) - reserved;
    },
  };
}

/** Upper bound: no tokenizer in use makes more than one token of three characters of our English text. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3);
}
