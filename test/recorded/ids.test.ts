import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetKeyOf, parseArn, spellingsOf } from '../../domain/cloud-ids/index.ts';
import { bodyOf, notRun, recordedFiles } from './folder.ts';

/** What an id looks like in any of the three clouds, anywhere in a real answer. */
const ID =
  /^(?:arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[^:]*:.+|\/?subscriptions\/.+\/providers\/.+|(?:https:)?\/\/[a-z.]*googleapis\.com\/.*projects\/.+)$/i;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* textsIn(inner);
}

/** Ids of the recordings that truly name no resource: of AWS itself, of a list, with a part taken out by who published it. */
const NO_RESOURCE: readonly RegExp[] = [
  // What belongs to a subscription and lies in no resource group: advice, definitions.
  /^\/?subscriptions\/[^/]+\/providers\//i,
  // Account numbers that somebody made up or took out.
  /^arn:[^:]+:[^:]+:[^:]*:(?!\d{12}:|aws:|:)/i,
  /^arn:aws:iam::aws:|^arn:aws:securityhub:[^:]*::product|:EXAMPLE|^arn:aws:[a-z-]+:[^:]*::(?!snapshot)/i,
  /\*|\{|<|REDACTED|x{4}|\.\.\./i,
  /\/providers\/[^/]+\/?$|\/providers\/[^/]+\/[^/]+\/?$|\/subscriptions\/(?![0-9a-f]{8}-[0-9a-f-]{27}\/)/i,
  /\/(aggregated|zones|regions|global)\/[^/]+$|projects\/[^/]+(\/[^/]+)?\/?$/,
];

test('every id in the recordings has one key, or a reason', { skip: notRun }, (t) => {
  const ids = new Set(
    recordedFiles().flatMap((file) => [...textsIn(bodyOf(file))].filter((text) => ID.test(text) && !/\s/.test(text))),
  );
  const unread = new Map<string, string>();
  let read = 0;
  for (const id of ids) {
    const key = assetKeyOf(id);
    if (!key.ok) {
      unread.set(id, key.reason);
      assert.ok(key.reason.length > 10, id);
      continue;
    }
    read++;
    for (const spelling of [key.value, ...spellingsOf(key.value)])
      assert.deepEqual(assetKeyOf(spelling), key, `${id} as ${spelling}`);
    const arn = parseArn(id);
    if (arn.ok) assert.ok(key.value.startsWith('arn:'));
  }
  t.diagnostic(`${ids.size} ids: ${read} read, ${unread.size} refused`);
  const surprising = [...unread].filter(
    ([id, reason]) => !/has the (project )?number/.test(reason) && !NO_RESOURCE.some((shape) => shape.test(id)),
  );
  assert.deepEqual(surprising, []);
  assert.ok(read > 500, `${read}`);
});
