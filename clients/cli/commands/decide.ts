import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { explain, refuse } from '../../../decisions/refusals.ts';
import { createDecisionService } from '../../../decisions/service.ts';
import type { DecisionResult } from '../../../decisions/types.ts';
import { alreadySaid, countApprovals, pending, receipt } from '../../../decisions/words.ts';
import { createDirectory } from '../../../providers/directory/directory.ts';
import { sha256 } from '../../../schemas/digest.ts';
import type { DecisionKind } from '../../../schemas/decision.ts';
import type { CliContext } from '../context.ts';
import type { Run } from '../main.ts';
import { verifierFrom } from '../../../compose/signing.ts';
import { findSigner, requireSigner } from '../person.ts';
import { answerOf, type DecideOptions, EXAMPLES, VERDICTS } from './decide-answer.ts';

/** What a decision on the command line needs besides the context: the policies, and a way to the workflow. */
export type DecideParts = Pick<Parameters<typeof createDecisionService>[0], 'policy' | 'deliver'>;

/** `decide`: the decision service on the command line. Reads the words, shows the result, decides nothing. */
export function addDecideCommand(
  program: Command,
  run: Run,
  parts: (context: CliContext) => Promise<DecideParts> = compose,
): void {
  program
    .command('decide <asset-or-ticket> <verdict>')
    .description('decide without the chat: approve, reject, snooze, or withdraw an approved change before it is done')
    .requiredOption('--as <subject>', 'your e-mail address in the directory; must be in group approvers')
    .option('--option <name>', 'for approve: the option, e.g. stop-instance')
    .option(
      '--plan <digest>',
      'for approve: the first digits of the plan digest you were shown, to approve that and no other',
    )
    .option('--reason <text>', 'for reject: why')
    .option('--until <instant>', 'for snooze: ISO-8601 UTC (default: policy.waits.snooze from now)')
    .addHelpText('after', EXAMPLES)
    .action(async function (this: Command, target: string, verdict: string) {
      const options = this.opts<DecideOptions>();
      await run(this, async (context) => {
        if (!VERDICTS.has(verdict))
          throw new Error(`the verdict must be approve, reject, snooze or withdraw, found "${verdict}"`);
        const result = await decide(context, parts, { target, kind: verdict as DecisionKind, options });
        return show(context, result);
      });
    });
}

async function decide(
  context: CliContext,
  parts: (context: CliContext) => Promise<DecideParts>,
  said: { readonly target: string; readonly kind: DecisionKind; readonly options: DecideOptions },
): Promise<DecisionResult> {
  const [store, audit, config] = await Promise.all([context.store(), context.audit(), context.config()]);
  const answer = await answerOf({ store, config }, said);
  const person = createDirectory(config.directory).bySubject(said.options.as);
  // A no needs no proof: it changes nothing.
  const signer = person && (await (said.kind === 'approve' ? requireSigner : findSigner)(person, config));
  const say = (fields: Record<string, unknown>, message: string) =>
    context.out.progress(`${message}: ${String(fields['error'] ?? fields['reason'] ?? '')}`);
  const service = createDecisionService({
    ...(await parts(context)),
    store,
    audit,
    channel: 'cli',
    signer,
    verifier: verifierFrom(config),
    now: Date.now,
    log: { info: () => {}, warn: say, error: say },
  });
  const { username } = userInfo();
  const result = await service.decide({
    channel: 'cli',
    answer,
    externalId: username,
    requestHash: sha256(JSON.stringify([username, said, new Date().toISOString()])),
    origin: { claimedSubject: said.options.as },
    problem: null,
    identify: async () => person ?? refuse('not-an-approver', `${said.options.as} is not in directory.people`),
    // The command line has no group of its own; the directory's groups are the policy's business.
    mayApprove: async () => true,
  });
  service.stop();
  return result;
}

/** 0: taken, or on its way. 1: the run did not count it. What was refused before is an error. */
function show({ out }: CliContext, result: DecisionResult): number {
  switch (result.kind) {
    case 'recorded':
      out.value(
        result.delivered ?? { via: null },
        receipt(result.decision, countApprovals(result.decision, result), result.delivered),
      );
      return 0;
    case 'pending':
      out.value({ pending: result.decision.decisionId }, pending(result.decision));
      return 0;
    case 'repeated':
      out.value({ repeated: result.decision.decisionId }, alreadySaid(result.decision));
      return 0;
    case 'reason-missing':
      throw new Error('--reason: a rejection must give a reason');
    case 'invalid':
      throw new Error(`--${result.field}: ${result.problem}`);
    case 'refused':
      if (!result.refused.startsWith('workflow:')) throw new Error(`refused: ${explain(result.refused)}`);
      out.value({ refused: result.refused }, `refused: ${explain(result.refused)}`);
      return 1;
  }
}

async function compose(context: CliContext): Promise<DecideParts> {
  const { loadPolicy } = await import('../../../compose/records.ts');
  const { createDeliver } = await import('../../../decisions/deliver.ts');
  return {
    policy: await loadPolicy(),
    // Connected when there is something to deliver: a Temporal that is down must not keep a decision from being recorded.
    deliver: async (decision) => createDeliver(await context.temporal())(decision),
  };
}
