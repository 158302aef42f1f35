/** Where one line per step goes; `console.error` in a terminal, silence in tests. */
export type Log = (line: string) => void;

export const silent: Log = () => undefined;

/** What a step found, or the reason why it found nothing. */
export type StepResult<T> = { readonly found: T; readonly note: string } | { readonly no: string };

export interface Step<T> {
  /** What is tried, e.g. `temporal on PATH`. */
  readonly name: string;
  /** Said before a step that takes long. */
  readonly announce?: string;
  attempt(): Promise<StepResult<T>>;
}

export interface Resolution<T> {
  /** The server looked for, e.g. `Temporal`. */
  readonly what: string;
  readonly steps: readonly Step<T>[];
  /** One sentence: what the person can do when nothing worked. */
  readonly fix: string;
  readonly log: Log;
  /** Says what was tried in vain as well. @default whether `IDLEWISE_VERBOSE` is set, as `--verbose` does */
  readonly verbose?: boolean;
}

/**
 * Tries the steps in order and says in one line what was found; what was tried in vain matters when nothing was found, and then
 * the error says it.
 * @throws Error naming every step with its result, and the fix.
 */
export async function resolveFirst<T>(resolution: Resolution<T>): Promise<T> {
  const { what, steps, fix, log, verbose = Boolean(process.env['IDLEWISE_VERBOSE']) } = resolution;
  const failures: string[] = [];
  for (const step of steps) {
    if (step.announce) log(`${what}: ${step.name}: ${step.announce}`);
    const result = await step.attempt().catch((error: unknown) => ({ no: firstLine(error) }));
    if ('found' in result) {
      log(`${what}: ${step.name}: ${result.note}`);
      return result.found;
    }
    if (verbose) log(`${what}: ${step.name}: ${result.no}`);
    failures.push(`  - ${step.name}: ${result.no}`);
  }
  throw new Error(`No ${what} server could be found or made. Tried:\n${failures.join('\n')}\nFix: ${fix}`);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}
