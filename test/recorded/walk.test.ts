import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RowError } from '../../providers/rows.ts';
import type { RecordedFile } from './folder.ts';
import type { Outcome, RecordedReader } from './reader.ts';
import { walk } from './walk.ts';

const FILE: RecordedFile = { file: 'acme/list--1.json', vendor: 'acme', endpoint: 'GET /list', kind: 'recorded' };
const ASKED = { provider: 'acme', operation: 'list' };
const REFUSED = { rowId: 'b', field: 'name', found: '7', fix: 'must be text' };

async function faultsOf(read: () => Outcome, rows: number | null = 3, file = FILE): Promise<readonly string[]> {
  const reader: RecordedReader = { endpoint: /^GET \/list$/, rows: () => rows, read };
  const vendors = [{ vendor: 'acme', readers: [reader], unread: [{ endpoint: /^webhook$/, why: 'not asked for' }] }];
  const [walked] = await walk([file], vendors, () => []);
  return walked?.faults ?? [];
}

// The suite has to fail on exactly what it is there for.
suite('the walk through recorded answers', () => {
  test('all rows accounted for: no fault', async () => {
    assert.deepEqual(await faultsOf(() => ({ read: 1, rejected: [REFUSED], leftOut: 1 })), []);
  });

  test('a dropped row is a fault', async () => {
    assert.match((await faultsOf(() => ({ read: 1, rejected: [REFUSED] }))).join(), /3 rows, but 1 read, 1 refused/);
  });

  test('a refusal without its reason is a fault', async () => {
    const rejected = [{ ...REFUSED, fix: '' }];
    assert.match((await faultsOf(() => ({ read: 2, rejected }))).join(), /refused without field, found or fix/);
  });

  test('one row that costs the whole answer is a fault', async () => {
    const read = () => {
      throw new RowError(ASKED, { field: 'name', found: 7, fix: 'must be text' });
    };
    assert.match((await faultsOf(read)).join(), /the whole answer of 3 rows was refused/);
    assert.deepEqual(await faultsOf(read, null), []);
  });

  test('what is no failure of a provider is a fault even where a refusal is right', async () => {
    const read = () => {
      throw new TypeError('x is undefined');
    };
    assert.match((await faultsOf(read, null)).join(), /no ProviderError: x is undefined/);
  });

  test('an answer of something else that is taken for an empty one is a fault', async () => {
    assert.match((await faultsOf(() => ({ read: 0, rejected: [] }), null)).join(), /no answer of this endpoint/);
  });

  test('a file of a new kind is a fault, one with a reason is not', async () => {
    const none = () => ({ read: 0, rejected: [] });
    assert.match((await faultsOf(none, 0, { ...FILE, endpoint: 'GET /new' })).join(), /neither a reader nor a reason/);
    assert.match((await faultsOf(none, 0, { ...FILE, vendor: 'other' })).join(), /neither a reader nor a reason/);
    assert.deepEqual(await faultsOf(none, 0, { ...FILE, endpoint: 'webhook' }), []);
  });
});
