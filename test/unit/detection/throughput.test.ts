import assert from 'node:assert/strict';
import { it } from 'node:test';
import { evaluatePrepared } from '../../../domain/detection/evaluate.ts';
import { prepareAsset } from '../../../domain/detection/prepare.ts';
import { instance, metrics, NOW, RULES } from './fixtures.ts';

it('rules over prepared summaries run at 50,000 assets per second at the very least', (t) => {
  const prepared = Array.from({ length: 64 }, (_, k) =>
    prepareAsset(RULES, instance({ metrics: metrics((i) => 1 + ((i + k) % 9) * 0.1) }), NOW),
  );
  const round = (): number => {
    const rounds = 300;
    const start = process.hrtime.bigint();
    let idle = 0;
    for (let r = 0; r < rounds; r++)
      for (const rules of prepared)
        for (const p of rules) if (evaluatePrepared(p).verdict === 'idle' && p.rule.kind === 'idle') idle++;
    assert.equal(idle, rounds * prepared.length);
    return (rounds * prepared.length) / (Number(process.hrtime.bigint() - start) / 1e9);
  };
  round();
  // The machine is shared: the best of three is what the code can do.
  const best = Math.max(round(), round(), round());
  t.diagnostic(`${Math.round(best)} assets/s, ${prepared[0]?.length} rules each`);
  assert.ok(best >= 50_000, `${Math.round(best)} assets/s`);
});
