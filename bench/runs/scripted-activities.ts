import type {
  AssessActivities,
  ExecuteActivities,
  NotifyActivities,
  PlannedOption,
  ReadActivities,
} from '../../activities/contracts.ts';
import { notYet } from '../../activities/shared/failures.ts';

export type ScriptedActivities = ReadActivities & AssessActivities & NotifyActivities & ExecuteActivities;

const DIGEST = '5f2b7c0a9d3e4f61827394a5b6c7d8e9f00112233445566778899aabbccddeef';
const SAVING = { amount: '69.12', currency: 'USD' };

function option(optionId: PlannedOption['optionId'], twoPhase: boolean): PlannedOption {
  return { optionId, planDigest: `${DIGEST}`, requiredApprovals: 1, twoPhase, monthlySaving: SAVING };
}

/** As long as the real ones are; the same for both workflows. */
export const ANSWERS = {
  caseId: 'case_3f1c5a7e9b2d4f6081a3c5e7',
  approvalId: 'apr_0f1e2d3c4b5a69788796a5b4',
  ticket: {
    system: 'servicenow',
    id: '9d385017c611228701d22104cc95c371',
    number: 'CHG0030042',
    url: 'http://127.0.0.1:4620/nav_to.do?uri=change_request.do?sys_id=9d385017c611228701d22104cc95c371',
  },
  digest: DIGEST,
  saving: SAVING,
} as const;

/** Activities that answer at once with what a plain approved stop answers; `onAsked` is told when a run waits for people. */
export function scriptedActivities(onAsked: (ticketOwner: string) => void): ScriptedActivities {
  const asked = new Set<string>();
  return {
    gatherContext: async () => ({
      kind: 'gathered',
      caseId: ANSWERS.caseId,
      phase: 'approve',
      environment: 'staging',
      ownerTeam: 'web-platform',
    }),
    assessRisk: async () => ({
      riskScore: 18,
      riskLevel: 'low',
      assessor: 'rules+model',
      options: [
        option('stop-instance', false),
        option('snapshot-and-terminate-instance', true),
        option('resize-instance', false),
      ],
      recommended: 'stop-instance',
      automation: { allowed: false, optionId: null, reasons: ['phase:approve'] },
    }),
    // The ticket carries the run's name, so that the watcher below knows whom it watches.
    askForDecision: async ({ remediationId }) => ({
      approvalId: ANSWERS.approvalId,
      ticket: { ...ANSWERS.ticket, id: remediationId },
      warnings: [],
    }),
    watchTicket: async ({ ticketId }) => {
      // It is scheduled in the task that opens the round: from now on a decision is welcome.
      if (!asked.has(ticketId)) onAsked(ticketId);
      asked.add(ticketId);
      throw notYet('ticket is Scheduled', 3_600_000);
    },
    remind: async () => undefined,
    showDecision: async () => undefined,
    announceHold: async () => undefined,
    announceWindow: async () => undefined,
    executeChange: async () => ({ result: 'applied', reasons: ['state:stopped'], evidenceId: ANSWERS.caseId }),
    verifyChange: async () => ({
      result: 'verified',
      reasons: ['cloud-state:stopped', 'rescan:success'],
      openIssueIds: [],
    }),
    closeOut: async () => undefined,
    verifySaving: async () => ({ result: 'verified', realisedMonthly: SAVING }),
    reportSaving: async () => undefined,
  };
}
