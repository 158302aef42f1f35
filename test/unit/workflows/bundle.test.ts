import assert from 'node:assert/strict';
import { isBuiltin } from 'node:module';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowBundle } from '../../helpers/workflow.ts';

const MAX_BYTES = 2 * 1024 * 1024;
/** The only packages that workflow code may bring along: the SDK and what the SDK itself needs. */
const PACKAGES = ['@temporalio/common', '@temporalio/workflow', 'decimal.js', 'long', 'ms', 'nexus-rpc'];
const OURS = ['workflows', 'domain'];

let code = '';
before(async () => {
  code = (await workflowBundle()).code;
});

/** The modules of a bundle, by the headers that the bundler writes above each. */
function modulesIn(bundle: string): string[] {
  return [...bundle.matchAll(/!\*\*\* (\S+) \*\*\*!/g)].map((match) => match[1] ?? '');
}

function packagesIn(bundle: string): string[] {
  const names = modulesIn(bundle).flatMap(
    (m) => /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(m)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

test(`the workflow bundle has at most ${MAX_BYTES} bytes`, (t) => {
  const size = Buffer.byteLength(code);
  t.diagnostic(`${size} bytes, source map included, ${modulesIn(code).length} modules`);
  assert.ok(size > 100_000 && size <= MAX_BYTES, `${size} bytes`);
});

test('it holds no package but the SDK: no zod, no vendor', () => {
  const packages = packagesIn(code);
  assert.ok(packages.includes('@temporalio/workflow'), 'the bundle could not be read');
  assert.deepEqual(
    packages.filter((name) => !PACKAGES.includes(name)),
    [],
  );
});

/** Plain data without zod; see test/unit/architecture/layers.test.ts. */
const TABLES = ['./schemas/actions.ts', './schemas/resource-types.ts'];

test('of our own code it holds workflows, domain and the two tables, and none of what they call', () => {
  const own = modulesIn(code).filter((m) => m.startsWith('./') && !m.includes('node_modules'));
  assert.ok(own.includes('./workflows/remediate-asset.ts'), own.join('\n'));
  assert.deepEqual(
    own.filter((m) => !TABLES.includes(m) && !OURS.includes(m.split('/')[1] ?? '')),
    [],
  );
});

test('it asks for no module of node', () => {
  const asked = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? '');
  assert.deepEqual(
    asked.filter((name) => isBuiltin(name)),
    [],
  );
});

test('a workflow that brings zod or a node module along is found', async () => {
  const fixture = (name: string) =>
    bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url)),
      logger: new DefaultLogger('ERROR', () => undefined),
    });
  assert.ok(packagesIn((await fixture('with-zod')).code).includes('zod'));
  await assert.rejects(fixture('with-node-module'), /Webpack finished with errors/);
});
