import { describe, it, test } from 'node:test';
import { CASES, sceneOf } from './suite.ts';
import { SUBJECTS } from './subjects.ts';

type Result = 'passed' | 'failed' | 'not run';
const results = new Map<string, Result>();

for (const subject of SUBJECTS)
  describe(`ticket port × ${subject.name}`, () => {
    for (const [number, wanted] of CASES.entries())
      it(wanted.name, async (t) => {
        const key = `${subject.name}/${wanted.name}`;
        results.set(key, 'not run');
        if (!subject.start) return t.diagnostic(`not run: ${subject.why}`);
        const system = await subject.start(t);
        if (!system.lab && !wanted.tenant) return t.diagnostic('not run: it looks behind the system');
        results.set(key, 'failed');
        await wanted.run(sceneOf(system, String(number)));
        results.set(key, 'passed');
      });
  });

test('the table of the ticket port: provider × case', (t) => {
  for (const subject of SUBJECTS)
    for (const wanted of CASES)
      t.diagnostic(`tickets × ${subject.name} × ${wanted.name}: ${results.get(`${subject.name}/${wanted.name}`)}`);
});
