/** A file that cannot be read, or not to its end. `line` is where reading stopped. */
export class UnreadableFile extends Error {
  readonly line: number | null;
  readonly fix: string;

  constructor(found: string, fix: string, line: number | null = null, cause?: unknown) {
    super(found, { cause });
    this.name = 'UnreadableFile';
    this.fix = fix;
    this.line = line;
  }
}
