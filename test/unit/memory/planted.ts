import { evaluateRule } from '../../../domain/detection/evaluate.ts';
import { CANARIES } from '../../../sandbox/estate/canaries.ts';
import type { AssetRecord, Verdict } from '../../../schemas/detection.ts';
import { instance, NOW, ruleOf } from '../detection/fixtures.ts';

/** Canaries wherever a person or a vendor could have written. */
export function planted(): { record: AssetRecord; verdict: Verdict } {
  const plain = instance({
    tags: {
      env: 'dev',
      Owner: CANARIES.ownerEmail,
      [CANARIES.costCentre]: CANARIES.dailyAmount,
      note: CANARIES.dependent,
    },
  });
  const record: AssetRecord = {
    ...plain,
    asset: { ...plain.asset, name: CANARIES.assetName },
    cmdb: plain.cmdb && {
      ...plain.cmdb,
      name: CANARIES.assetName,
      ownerEmail: CANARIES.ownerEmail,
      supportGroup: CANARIES.supportGroup,
      maintenanceWindow: `Sat ${CANARIES.dependent}`,
      disasterRecoveryRole: `standby of ${CANARIES.dependent}`,
      dependents: [CANARIES.dependent],
      openIncidents: [],
    },
    posture: plain.posture && {
      ...plain.posture,
      findings: [
        {
          uid: CANARIES.dependent,
          class_uid: 2002,
          title: CANARIES.findingTitle,
          severity_id: 5,
          status_id: 1,
          first_seen_time: null,
          last_seen_time: null,
          cve: null,
          isIssue: true,
        },
      ],
    },
  };
  const verdict = evaluateRule(ruleOf('instance-idle'), instance(), NOW);
  return { record, verdict: { ...verdict, reasons: [...verdict.reasons, `excluded:tag:${CANARIES.costCentre}`] } };
}
