import type { OfflineCase } from '../../schemas/offline-case.ts';
import type { CaseLine, SummaryLine } from './lines.ts';

/** Counts labelled cases as they come; nothing of a case is kept. */
export function createScore() {
  let [cases, errors, labelled, undetermined] = [0, 0, 0, 0];
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  let [mustStay, calledIdle] = [0, 0];
  let [stated, matched] = [0, 0];
  return {
    error(): void {
      cases++;
      errors++;
    },
    add(line: CaseLine, labels: OfflineCase['labels']): void {
      cases++;
      if (line.verdict === 'undetermined') undetermined++;
      if (labels === null) return;
      labelled++;
      const said = line.verdict === 'idle';
      const positive = labels.idle && !labels.mustNotAct;
      if (said && positive) tp++;
      else if (said) fp++;
      else if (positive) fn++;
      else tn++;
      if (!positive) {
        mustStay++;
        if (said) calledIdle++;
      }
      if (labels.expectedVerdict !== undefined) {
        stated++;
        if (labels.expectedVerdict === line.verdict) matched++;
      }
    },
    /** Null while no case had a label. */
    summary(): SummaryLine | null {
      if (labelled === 0) return null;
      const share = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6);
      return {
        summary: {
          cases,
          errors,
          labelled,
          truePositive: tp,
          falsePositive: fp,
          falseNegative: fn,
          trueNegative: tn,
          undetermined,
          precision: share(tp, tp + fp),
          recall: share(tp, tp + fn),
          falseSafeRate: share(calledIdle, mustStay),
          expectedVerdict: { stated, matched },
        },
      };
    },
  };
}
