import type {
  AssessActivities,
  AssessResult,
  ExecuteActivities,
  GatherResult,
  NotifyActivities,
  PlannedOption,
  ReadActivities,
  SweepActivities,
} from '../../activities/contracts.ts';
import { notYet } from '../../activities/shared/failures.ts';
import { NO_COUNTS } from '../../domain/sweep-counts.ts';
import type { StepOutcome } from '../../schemas/outcome.ts';

export type AllActivities = ReadActivities & AssessActivities & NotifyActivities & ExecuteActivities & SweepActivities;

/** What each activity answers in one test; whatever is left out answers as in a plain approved stop. */
export type Script = Partial<AllActivities>;

export interface Call {
  readonly name: keyof AllActivities;
  readonly input: Record<string, unknown>;
}

export const TICKET = { system: 'servicenow', id: 'sys1', number: 'CHG0030001', url: 'http://127.0.0.1/chg/1' };

export const STOP: PlannedOption = {
  optionId: 'stop-instance',
  planDigest: 'digest-stop',
  requiredApprovals: 1,
  twoPhase: false,
  monthlySaving: { amount: '12.50', currency: 'USD' },
};
export const TERMINATE: PlannedOption = {
  optionId: 'snapshot-and-terminate-instance',
  planDigest: 'digest-terminate',
  requiredApprovals: 1,
  twoPhase: true,
  monthlySaving: { amount: '15', currency: 'USD' },
};

export function assessed(over: Partial<AssessResult> = {}): AssessResult {
  return {
    riskScore: 15,
    riskLevel: 'low',
    assessor: 'rules',
    options: [STOP, TERMINATE],
    recommended: 'stop-instance',
    automation: { allowed: false, optionId: null, reasons: ['phase-approve'] },
    ...over,
  };
}

/** Both options need two distinct people. */
export function twoApprovers(): AssessResult {
  return assessed({
    riskScore: 70,
    riskLevel: 'high',
    options: [
      { ...STOP, requiredApprovals: 2 },
      { ...TERMINATE, requiredApprovals: 2 },
    ],
  });
}

export function gathered(over: Partial<Extract<GatherResult, { kind: 'gathered' }>> = {}): GatherResult {
  return { kind: 'gathered', caseId: 'case-1', phase: 'approve', environment: 'dev', ownerTeam: 'web', ...over };
}

export function step(result: StepOutcome['result'], ...reasons: string[]): StepOutcome {
  return { result, reasons, evidenceId: 'evidence-1' };
}

/** Answers of the executor by step, e.g. `{ apply: step('prepared'), complete: step('applied') }`. */
export function executing(answers: Partial<Record<'apply' | 'complete' | 'rollback', StepOutcome>>): Script {
  return {
    async executeChange(input) {
      const answer = answers[input.step];
      if (!answer) throw new Error(`nobody expected ${input.step}`);
      return answer;
    },
  };
}

/** An executor that is outside the window when it is first asked for a step, and answers `then` afterwards. */
export function outsideFirst(options: {
  readonly then?: StepOutcome;
  readonly opensInMs?: number;
  /** @default 'apply' */
  readonly at?: 'apply' | 'complete';
  readonly before?: StepOutcome;
}): Script {
  const { then = step('applied'), opensInMs = 1_000, at = 'apply', before = step('prepared') } = options;
  let asked = false;
  return {
    async executeChange(input) {
      if (input.step === 'rollback') return step('rolled-back');
      if (input.step !== at) return before;
      if (asked) return then;
      asked = true;
      const notBefore = new Date(Date.now() + opensInMs).toISOString();
      return { ...step('outside-window', 'policy:forbid-outside-window'), notBefore };
    },
  };
}

/** Implementations for a worker: the script over the defaults, every call recorded. */
export function scripted(script: Script, calls: Call[]): AllActivities {
  const all: AllActivities = { ...DEFAULTS, ...script };
  const recorded = Object.entries(all).map(([name, activity]) => [
    name,
    (input: never) => {
      calls.push({ name: name as keyof AllActivities, input });
      return (activity as (i: never) => Promise<unknown>)(input);
    },
  ]);
  return Object.fromEntries(recorded) as AllActivities;
}

const DEFAULTS: AllActivities = {
  gatherContext: async ({ round }) => gathered({ caseId: `case-${round}` }),
  assessRisk: async () => assessed(),
  askForDecision: async ({ round }) => ({ approvalId: `approval-${round}`, ticket: TICKET, warnings: [] }),
  remind: async () => undefined,
  watchTicket: async ({ pollMs }) => {
    throw notYet('the ticket is open', pollMs);
  },
  showDecision: async () => undefined,
  announceHold: async () => undefined,
  announceWindow: async () => undefined,
  executeChange: async () => step('applied'),
  verifyChange: async () => ({ result: 'verified', reasons: [], openIssueIds: [] }),
  verifySaving: async () => ({ result: 'verified', realisedMonthly: { amount: '12.50', currency: 'USD' } }),
  closeOut: async () => undefined,
  reportSaving: async () => undefined,
  beginSweep: async () => undefined,
  scanPage: async () => ({ nextCursor: null, counts: { ...NO_COUNTS, scanned: 1 } }),
  startRemediations: async ({ limit }) => ({ started: limit, alreadyRunning: 0, failed: 0 }),
};
