import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const oxlint = join(root, 'node_modules', '.bin', 'oxlint');
const scratch = mkdtempSync(join(tmpdir(), 'idlewise-layers-'));
copyFileSync(join(root, '.oxlintrc.json'), join(scratch, '.oxlintrc.json'));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Report {
  diagnostics: { code: string; filename: string; message: string }[];
}

function lint(folder: string): string[] {
  const { stdout } = spawnSync(oxlint, ['--format', 'json'], { cwd: folder, encoding: 'utf8' });
  return (JSON.parse(stdout) as Report).diagnostics.map((d) => `${d.code} ${d.filename}: ${d.message}`);
}

/** What the linter says of one file at that place in the tree. */
function lintOne(path: string, source: string): string[] {
  const file = join(scratch, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  const findings = lint(scratch);
  rmSync(file);
  return findings;
}

const value = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const type = (specifier: string) => `import type { X } from '${specifier}';\nexport type Y = X;\n`;

const forbidden: readonly (readonly [string, string])[] = [
  ['domain/a/b.ts', 'zod'],
  ['domain/b.ts', 'node:crypto'],
  ['domain/a/b.ts', '../../schemas/asset.ts'],
  ['domain/b.ts', '../providers/errors.ts'],
  ['domain/b.ts', '../workflows/messages.ts'],
  ['schemas/b.ts', '../domain/money.ts'],
  ['sandbox/orca/b.ts', '../../providers/cnapp/orca/section.ts'],
  ['sandbox/b.ts', '../providers/errors.ts'],
  ['sandbox/wiz/b.ts', '../../domain/resource-kinds.ts'],
  ['workflows/steps/b.ts', 'zod'],
  ['workflows/b.ts', 'node:fs'],
  ['workflows/b.ts', 'mongodb'],
  ['workflows/b.ts', '@aws-sdk/client-ec2'],
  ['workflows/b.ts', 'openai'],
  ['workflows/b.ts', '@slack/bolt'],
  ['workflows/b.ts', '@temporalio/client'],
  ['workflows/steps/b.ts', '../../activities/assess/index.ts'],
  ['workflows/b.ts', '../providers/errors.ts'],
  ['workflows/b.ts', '../config/load.ts'],
  ['activities/assess/b.ts', '../../workflows/messages.ts'],
  ['activities/assess/b.ts', '../../clients/cli/main.ts'],
  ['activities/b.ts', '../workers/main.ts'],
  ['decisions/b.ts', '../clients/chat/words.ts'],
  ['decisions/b.ts', '../activities/contracts.ts'],
  ['decisions/b.ts', '../workers/main.ts'],
  ['decisions/b.ts', '../config/load.ts'],
  ['decisions/b.ts', '../sandbox/slack/index.ts'],
  ['decisions/b.ts', '@slack/bolt'],
  ['decisions/b.ts', 'mongodb'],
  ['providers/b.ts', '../decisions/service.ts'],
  ['providers/b.ts', '../config/schema.ts'],
  ['providers/b.ts', '../compose/registry.ts'],
  ['providers/tickets/jira/section.ts', '../../../config/tickets.ts'],
  ['ports/b.ts', '../domain/money.ts'],
  ['ports/b.ts', '../providers/rows.ts'],
  ['ports/b.ts', '../config/schema.ts'],
  ['activities/b.ts', '../providers/rows.ts'],
  ['activities/sweep/b.ts', '../../providers/cnapp/wiz/index.ts'],
  ['activities/b.ts', '../config/load.ts'],
  ['activities/b.ts', '../compose/registry.ts'],
  ['activities/b.ts', '../decisions/service.ts'],
  ['decisions/b.ts', '../compose/records.ts'],
  ['config/b.ts', '../compose/registry.ts'],
  ['config/b.ts', '../clients/temporal.ts'],
  ['config/b.ts', '../providers/cnapp/wiz/index.ts'],
  ['compose/b.ts', '../workers/roles.ts'],
  ['compose/b.ts', '../clients/schedules.ts'],
  ['compose/b.ts', '../activities/read.ts'],
  ['compose/b.ts', '../sandbox/stack.ts'],
  ['workers/b.ts', '../clients/schedules.ts'],
  ['workflows/b.ts', '../compose/records.ts'],
  ['domain/b.ts', '../compose/records.ts'],
  ['schemas/b.ts', '../compose/records.ts'],
  ['domain/b.ts', '../decisions/service.ts'],
  ['workflows/b.ts', '../decisions/service.ts'],
  ['providers/cloud/aws/b.ts', '../../../activities/assess/index.ts'],
  ['providers/model/b.ts', '../../sandbox/kit/simulator.ts'],
  ['workers/b.ts', '../sandbox/kit/simulator.ts'],
  ['clients/slack/b.ts', '../../sandbox/slack/index.ts'],
];
/** Whole names of types, too: an adapter that is handed everything reads everything. */
const forbiddenTypes: readonly (readonly [string, string])[] = [
  ['providers/b.ts', '../config/schema.ts'],
  ['activities/b.ts', '../providers/rows.ts'],
  ['compose/b.ts', '../workers/roles.ts'],
  ['ports/b.ts', '../domain/money.ts'],
];
for (const [file, specifier] of forbiddenTypes)
  test(`${file} may not even use a type of ${specifier}`, () =>
    assert.ok(lintOne(file, type(specifier)).some((finding) => finding.includes('no-restricted-imports'))));

for (const [file, specifier] of forbidden)
  test(`${file} may not use ${specifier}`, () => {
    const findings = lintOne(file, value(specifier));
    assert.ok(
      findings.some((finding) => finding.includes('no-restricted-imports')),
      findings.join('\n') || 'the linter said nothing',
    );
  });

const allowed: readonly (readonly [string, string])[] = [
  ['domain/b.ts', value('decimal.js')],
  ['domain/b.ts', type('../schemas/asset.ts')],
  ['domain/b.ts', value('../schemas/actions.ts')],
  ['domain/clouds/b.ts', value('../../schemas/resource-types.ts')],
  ['workflows/b.ts', value('../schemas/actions.ts')],
  ['domain/b.ts', type('../providers/model/port.ts')],
  ['workflows/b.ts', value('../domain/money.ts')],
  ['workflows/b.ts', type('../activities/contracts.ts')],
  ['workflows/b.ts', value('@temporalio/workflow')],
  ['activities/b.ts', value('../ports/errors.ts')],
  ['activities/b.ts', value('../schemas/digest.ts')],
  ['activities/b.ts', type('../config/schema.ts')],
  ['config/b.ts', value('../providers/cnapp/wiz/section.ts')],
  ['config/b.ts', value('../providers/cost/vendors.ts')],
  ['config/b.ts', value('../providers/cost/settings.ts')],
  ['config/b.ts', value('../domain/cloud-ids/index.ts')],
  ['compose/b.ts', value('../config/load.ts')],
  ['compose/b.ts', value('../providers/cnapp/vendors.ts')],
  ['workers/b.ts', value('../compose/registry.ts')],
  ['clients/cli/b.ts', value('../../compose/registry.ts')],
  ['providers/model/b.ts', value('../../domain/money.ts')],
  ['decisions/b.ts', value('../workflows/messages.ts')],
  ['decisions/b.ts', value('../ports/errors.ts')],
  ['clients/chat/b.ts', value('../../decisions/service.ts')],
  ['clients/start/b.ts', value('../../sandbox/servers/ports.ts')],
];
for (const [file, source] of allowed)
  test(`${file} may say: ${source.split('\n')[0]}`, () => assert.deepEqual(lintOne(file, source), []));

test('configuration comes in at the edges, not from the environment', () => {
  const source = 'export const x = process.env.HOME;\n';
  assert.ok(lintOne('providers/model/b.ts', source).some((finding) => finding.includes('no-process-env')));
  assert.deepEqual(lintOne('providers/secrets/b.ts', source), []);
});

test('the calls of servicenow-rest-api that harm are not made', () => {
  for (const call of ['UpdateTask', 'DeleteTask', 'Authenticate', 'getSysId']) {
    const source = `export const f = (client: { ${call}(): void }) => client.${call}();\n`;
    assert.ok(
      lintOne('providers/tickets/b.ts', source).some((finding) => finding.includes(call)),
      call,
    );
  }
});

test('modules that import each other in a circle are found', () => {
  writeFileSync(join(scratch, 'one.ts'), "import { b } from './two.ts';\nexport const a = () => b;\n");
  const findings = lintOne('two.ts', "import { a } from './one.ts';\nexport const b = () => a;\n");
  rmSync(join(scratch, 'one.ts'));
  assert.ok(findings.some((finding) => finding.includes('no-cycle')));
});

test('the whole tree keeps to these rules', () => {
  const ours = ['no-restricted-imports', 'no-restricted-properties', 'no-process-env', 'no-cycle'];
  const broken = lint(root).filter((finding) => ours.some((rule) => finding.includes(`(${rule})`)));
  assert.deepEqual(broken, []);
});

test('the tables that domain and workflows may read are plain data: they import nothing', () => {
  for (const file of ['schemas/actions.ts', 'schemas/resource-types.ts'])
    assert.doesNotMatch(readFileSync(join(root, file), 'utf8'), /^import /m, file);
});

test('no file has more than 300 lines', () => {
  const folders =
    '{activities,bench,bin,clients,compose,config,decisions,domain,ports,providers,sandbox,schemas,test,web,workers,workflows}';
  const long = globSync(`${folders}/**/*.{ts,mjs}`, { cwd: root })
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  assert.deepEqual(long, []);
});
