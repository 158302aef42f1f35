import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';

export type After = Pick<TestContext, 'after'>;

/** One provider behind a port. */
export interface Subject<System> {
  readonly name: string;
  /** Null: not run. A new system for each case, so that no case leans on another. */
  readonly start: ((t: After) => Promise<System>) | null;
  /** Why it is not run. */
  readonly why?: string;
  /** A real tenant, which nobody looks into, breaks or writes to. */
  readonly tenant?: boolean;
}

export interface Case<System> {
  readonly name: string;
  /** Whether it only reads, so that a real tenant can be asked. */
  readonly tenant?: boolean;
  /** Returns why this provider is not asked, or nothing when it was. */
  run(system: System): Promise<string | null | void>;
}

/**
 * Every case of a port against every provider of it, and the table of what came of it: one diagnostic line
 * `port × provider × case: result` each. A case that is not run is never counted as passed.
 */
export function runSuite<System>(
  port: string,
  subjects: readonly Subject<System>[],
  cases: readonly Case<System>[],
): void {
  const results = new Map<string, string>();
  const whyNot = (subject: Subject<System>, wanted: Case<System>): string | null => {
    if (!subject.start) return subject.why ?? 'not here';
    return subject.tenant && !wanted.tenant ? 'looks behind the system' : null;
  };
  for (const subject of subjects)
    describe(`${port} port × ${subject.name}`, () => {
      for (const wanted of cases) {
        const { start } = subject;
        if (!start || whyNot(subject, wanted) !== null) continue;
        it(wanted.name, async (t) => {
          const key = `${subject.name}/${wanted.name}`;
          results.set(key, 'failed');
          const why = await wanted.run(await start(t));
          results.set(key, why ? `not run (${why})` : 'passed');
          if (why) t.skip(why);
        });
      }
    });

  test(`the table of the ${port} port: provider × case`, (t) => {
    for (const subject of subjects)
      for (const wanted of cases.filter((c) => c.tenant === true || subject.tenant !== true)) {
        const reason = whyNot(subject, wanted);
        const result = reason === null ? results.get(`${subject.name}/${wanted.name}`) : `not run (${reason})`;
        assert.ok(result, `${subject.name}: ${wanted.name} was to run and did not`);
        t.diagnostic(`${port} × ${subject.name} × ${wanted.name}: ${result}`);
      }
  });
}

/** Names the configuration of a real deployment whose vendors are to be asked, read-only. */
export const TENANT_CONFIG = process.env['IDLEWISE_CONTRACT_CONFIG'] ?? null;
