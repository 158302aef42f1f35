import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { SUBJECTS, type Subject } from './subjects.ts';
import { CASES, type Case, sceneOf } from './suite.ts';

/** `provider/case`: how it ended. A case that is not run is no test, so that it can never count as passed. */
const results = new Map<string, 'passed' | 'failed'>();
const whyNot = (subject: Subject, wanted: Case): string | null => {
  if (!subject.start) return subject.why;
  return subject.tenant && !wanted.tenant ? 'looks behind the system' : null;
};

for (const subject of SUBJECTS)
  describe(`ticket port × ${subject.name}`, () => {
    for (const [number, wanted] of CASES.entries()) {
      const { start } = subject;
      if (!start || whyNot(subject, wanted) !== null) continue;
      it(wanted.name, async (t) => {
        const key = `${subject.name}/${wanted.name}`;
        results.set(key, 'failed');
        await wanted.run(sceneOf(await start(t), String(number)));
        results.set(key, 'passed');
      });
    }
  });

test('the table of the ticket port: provider × case', (t) => {
  for (const subject of SUBJECTS)
    for (const wanted of CASES) {
      const reason = whyNot(subject, wanted);
      const result = reason === null ? results.get(`${subject.name}/${wanted.name}`) : `not run (${reason})`;
      assert.ok(result, `${subject.name}: ${wanted.name} was to run and did not`);
      t.diagnostic(`tickets × ${subject.name} × ${wanted.name}: ${result}`);
    }
});
