import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuseRanks } from '../../../domain/memory/fusion.ts';
import { cosine, featuresOf, HASHED, hashedVector } from '../../../domain/memory/ngram-vector.ts';
import { caseText, caseWords, tokensOf } from '../../../domain/memory/text.ts';
import { createTextIndex } from '../../../providers/memory/embedded/text-index.ts';
import { createVectorList } from '../../../providers/memory/embedded/vector-list.ts';
import { labelledCases, PLAIN, seeded } from './neighbours.ts';

const vectorOf = (text: string) => hashedVector(featuresOf(text));

describe('hashed n-gram vectors', () => {
  it('are the same for the same text, of length one, and of the stated size', () => {
    const vector = vectorOf(caseText(PLAIN));
    assert.deepEqual(vectorOf(caseText(PLAIN)), vector);
    assert.equal(vector.length, HASHED.dim);
    assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-5);
    assert.deepEqual(
      [...vectorOf('')].filter((x) => x !== 0),
      [],
    );
  });

  it('bring spellings of one thing together that share no token', () => {
    const [british, american, other] = ['tags: cost-centre', 'tags: costcenter', 'tags: schedule'].map(vectorOf);
    assert.ok(british && american && other);
    assert.deepEqual(
      tokensOf('tags: cost-centre').filter((t) => tokensOf('tags: costcenter').includes(t)),
      [],
    );
    assert.ok(cosine(british, american) > 0.15, `${cosine(british, american)}`);
    assert.ok(cosine(british, other) < 0.05, `${cosine(british, other)}`);
  });

  it('put a front-end machine nearer to its likes than to databases and disks', () => {
    const query = vectorOf('idle dev webfrontend ec2 instance');
    const near = ['dev web front-end on an idle instance', 'ec2 webfrontends of dev'].map(vectorOf);
    const far = ['prod postgres database cluster', 'unattached gp2 volume'].map(vectorOf);
    const worstNear = Math.min(...near.map((v) => cosine(query, v)));
    const bestFar = Math.max(...far.map((v) => cosine(query, v)));
    assert.ok(worstNear > bestFar + 0.1, `${worstNear} against ${bestFar}`);
  });

  it('of different lengths are refused, not compared', () => {
    assert.throws(() => cosine(new Float32Array(3), new Float32Array(4)), /3 and 4 dimensions/);
    const list = createVectorList(4);
    assert.throws(() => list.put('a', new Float32Array(3)), RangeError);
    assert.throws(() => list.nearest(new Float32Array(3), 5), RangeError);
    assert.equal(list.size, 0);
  });
});

describe('the list of vectors', () => {
  it('finds exactly what sorting everything would find', () => {
    const random = seeded(4);
    const list = createVectorList(8);
    const all = Array.from({ length: 300 }, (_, i) => {
      const vector = Float32Array.from({ length: 8 }, () => Math.round(random() * 4) - 2);
      list.put(`id-${i}`, vector);
      return { id: `id-${i}`, vector };
    });
    const query = Float32Array.from({ length: 8 }, () => random());
    const score = (v: Float32Array) => Math.round(cosine(query, v) * 1e6);
    const expected = all
      .filter((a) => score(a.vector) > 0)
      .sort((a, b) => score(b.vector) - score(a.vector) || (a.id < b.id ? -1 : 1))
      .map((a) => a.id);
    assert.deepEqual(list.nearest(query, 20), expected.slice(0, 20));
  });
});

describe('fusion by rank', () => {
  it('prefers what both lists like to what one list likes best', () => {
    assert.deepEqual(
      fuseRanks([
        ['a', 'b', 'c'],
        ['d', 'b', 'e'],
      ])[0],
      'b',
    );
  });
  it('breaks ties by id and ignores empty lists', () => {
    assert.deepEqual(fuseRanks([['b'], ['a'], []]), ['a', 'b']);
    assert.deepEqual(fuseRanks([]), []);
  });
});

describe('a textIndex', () => {
  const cases = labelledCases(5, 8);
  const filled = (order: readonly (typeof cases)[number][]) => {
    const textIndex = createTextIndex();
    for (const c of order) textIndex.put(c.id, caseText(c.facets));
    return textIndex;
  };
  const questions = labelledCases(6, 2).map((c) => caseText(c.facets));

  it('answers the same whatever the order of writing, and after writing twice and removing', () => {
    const [first, second] = [filled(cases), filled([...cases].reverse())];
    for (const c of cases.slice(0, 10)) {
      second.put(c.id, 'kind: volume; size: small');
      second.put(c.id, caseText(c.facets));
    }
    second.put('gone', caseText(PLAIN));
    second.remove('gone');
    assert.equal(second.size, first.size);
    for (const q of questions) assert.deepEqual(fuseRanks(second.rank(q, 50)), fuseRanks(first.rank(q, 50)));
  });
});

it('a case in words and guidance in prose have words in common', () => {
  const words = new Set(tokensOf(caseWords({ ...PLAIN, sensitiveData: 'yes' }, ['snapshot-and-delete-volume'])));
  for (const word of ['sensitive', 'snapshot', 'volume', 'instance', 'dev']) assert.ok(words.has(word), word);
});
