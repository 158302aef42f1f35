import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { buildSchema, type GraphQLSchema, getVariableValues, Kind, parse, validate } from 'graphql';
import { DOCUMENTS } from '../../../providers/cnapp/wiz/documents.ts';
import { imagesOf } from '../../../sandbox/wiz/images.ts';
import { everythingIn, readAll, startWiz } from './helpers.ts';

const FILE = new URL('../../../../shared/specs/wiz-schema.graphql', import.meta.url);

function vendorSchema(t: TestContext): GraphQLSchema | undefined {
  if (existsSync(FILE)) return buildSchema(readFileSync(FILE, 'utf8'), { assumeValid: true, assumeValidSDL: true });
  t.diagnostic('not run: the public schema is not on this machine');
  return undefined;
}

test('every GraphQL document we send parses', () => {
  for (const [name, text] of Object.entries(DOCUMENTS)) assert.equal(parse(text).definitions.length, 1, name);
});

test('every GraphQL document we send is valid against the vendor’s public schema', (t) => {
  const schema = vendorSchema(t);
  if (!schema) return;
  for (const [name, text] of Object.entries(DOCUMENTS)) {
    const errors = validate(schema, parse(text));
    assert.deepEqual(
      errors.map((e) => e.message),
      [],
      name,
    );
  }
  const wrong = parse('query X{cloudResourcesV2(first:1){nodes{notAField}}}');
  assert.notEqual(validate(schema, wrong).length, 0, 'the schema is really used');
});

test('the filters and inputs we really send fit the vendor’s input types', async (t) => {
  const schema = vendorSchema(t);
  if (!schema) return;
  const { wiz, simulator, estate } = await startWiz({ client: { findingPageSize: 1 } });
  const rows = (await readAll(wiz, everythingIn('111122223333', 'eu-west-1', 20))).flatMap((p) => p.assets);
  const asset = rows.find((a) => a.name === 'demo-kev-2');
  assert.ok(asset);
  const issue = (await wiz.posture(asset)).findings.find((f) => f.isIssue);
  await wiz.rescanStatus((await wiz.requestRescan(asset)).rescanId);
  await wiz.addIssueNote({ issueId: issue?.uid ?? '', marker: 'm', text: 'm' });
  await wiz.posture({ ...asset, vendorId: null });
  await wiz.imageFindings?.(imagesOf(estate.seed).vulnerable);
  await wiz.idleSignals?.({ accountId: '111122223333', region: 'us-east-1' });
  await wiz.check();
  const sent = simulator.journal.entries().filter((e) => e.path === '/graphql');
  const operations = new Set<string>();
  for (const { body } of sent) {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    const operation = parse(query).definitions[0];
    assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
    operations.add(operation.name?.value ?? '');
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    assert.deepEqual(errors?.map((e) => e.message) ?? [], [], operation.name?.value);
  }
  // Lists of which no asset has two rows are never read on; their filters go with the posture.
  const short = ['Configuration', 'Exposure', 'Detections'];
  for (const text of Object.values(DOCUMENTS)) {
    const name = /(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '';
    assert.ok(operations.has(name) || short.includes(name), name);
  }
});
