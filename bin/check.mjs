// One command that checks everything: format, lint with types and layers, types, and all tests (bundle rules and replay
// are tests). It goes on after a failure, so that one run shows all there is to mend.
import { join } from 'node:path';
import { prepare, root, run, toolEnvironment } from './launch.mjs';

const steps = {
  format: ['biome', 'format'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  types: ['tsc', '-p', 'tsconfig.json'],
};

prepare();
const env = toolEnvironment();
const only = process.argv.slice(2);
const results = [];
for (const [name, [tool, ...args]] of Object.entries(steps)) {
  if (only.length > 0 && !only.includes(name)) continue;
  results.push([name, await run(join(root, 'node_modules', '.bin', tool), args, { env })]);
}
if (only.length === 0 || only.includes('test'))
  results.push(['test', await run(process.execPath, [join(root, 'bin', 'test.mjs')])]);

for (const [name, code] of results) console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
process.exit(results.every(([, code]) => code === 0) ? 0 : 1);
