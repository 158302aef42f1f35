import { authorise, ec2ResourceIds } from './authorise.ts';
import { type Changer, mutationOf } from './change.ts';
import { answerCloudTrail } from './cloudtrail.ts';
import { answerCloudWatch } from './cloudwatch.ts';
import type { createCostExplorer } from './cost-explorer.ts';
import { takeBack, unusableKeys } from './disk-keys.ts';
import { checkMutation } from './ec2-rules.ts';
import { AwsError } from './errors.ts';
import type { Moto } from './moto.ts';
import { overlay } from './overlay.ts';
import { type AwsCall, isDryRun, isMutation, listParam } from './request.ts';
import { actorOf, type Principal, type Sessions } from './sessions.ts';
import { answerSts } from './sts.ts';
import type { World } from './world.ts';
import { firstText } from './xml-items.ts';

export interface HandlerDeps {
  readonly world: World;
  readonly moto: Moto;
  readonly changer: Changer;
  readonly sessions: Sessions;
  readonly costExplorer: ReturnType<typeof createCostExplorer>;
  readonly accountIds: ReadonlySet<string>;
  /** Counts CloudWatch requests. */
  readonly onCloudWatch: () => void;
}

/** Answers one AWS call whose caller is known. Throws AwsError for every refusal. */
export async function handleCall(deps: HandlerDeps, call: AwsCall, principal: Principal): Promise<Response> {
  const { world } = deps;
  const scope = { accountId: principal.accountId, region: call.region };
  if (call.service === 'sts') return answerSts(call, principal, deps);
  if (call.protocol === 'ec2' || call.protocol === 'query') {
    if (call.service !== 'monitoring') {
      return isMutation(call.operation) ? change(deps, call, principal) : read(deps, call, principal);
    }
  }
  authorise(call, principal);
  switch (call.service) {
    case 'monitoring':
      deps.onCloudWatch();
      return answerCloudWatch(world, call, scope);
    case 'ce':
      return deps.costExplorer.answer(call, principal.accountId);
    case 'cloudtrail':
      return answerCloudTrail(world, call, scope);
    default:
      throw new AwsError('UnknownOperationException', `The sandbox does not offer ${call.service}:${call.operation}`);
  }
}

async function read({ world, moto }: HandlerDeps, call: AwsCall, principal: Principal): Promise<Response> {
  authorise(call, principal);
  const answer = await moto.read(motoCall(call, principal.accountId));
  return respond(answer.status, answer.contentType, overlay(world, `${call.service}:${call.operation}`, answer.text));
}

const turns = new WeakMap<World, Promise<unknown>>();

/** Mutations take turns, so that what was checked still holds when the change is made. */
function change(deps: HandlerDeps, call: AwsCall, principal: Principal): Promise<Response> {
  const turn = (turns.get(deps.world) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => changeNow(deps, call, principal));
  turns.set(deps.world, turn);
  return turn;
}

async function changeNow(deps: HandlerDeps, call: AwsCall, principal: Principal): Promise<Response> {
  const { world, moto, changer } = deps;
  const operation = `${call.service}:${call.operation}`;
  const target = motoCall(call, principal.accountId);
  const dryRun = isDryRun(call);
  const note = (ids: readonly string[], errorCode: string | null) =>
    world.mutations.push(
      mutationOf({ at: Date.now(), operation, call: target, actor: actorOf(principal) }, ids, errorCode, dryRun),
    );
  try {
    authorise(call, principal);
    if (dryRun) {
      const answer = await moto.read(target);
      const code = firstText(answer.text, 'Code');
      note(namedIds(call), code === 'DryRunOperation' ? null : code);
      return respond(answer.status, answer.contentType, answer.text);
    }
    await checkMutation(call, { world, moto, accountId: principal.accountId });
    const refused = await unusableKeys(deps, call, principal);
    const answer = await changer.run({ operation, call: target, actor: actorOf(principal) });
    if (refused.length > 0 && answer.errorCode === null)
      await takeBack(deps, { call: target, operation, answer, refused });
    note(answer.errorCode === null ? answer.resourceIds : namedIds(call), answer.errorCode);
    return respond(answer.status, answer.contentType, overlay(world, operation, answer.text));
  } catch (error) {
    if (error instanceof AwsError) note(namedIds(call), error.code);
    throw error;
  }
}

function namedIds(call: AwsCall): string[] {
  return [
    ...ec2ResourceIds(call),
    ...listParam(call.params, 'LoadBalancerArn'),
    ...listParam(call.params, 'DBInstanceIdentifier'),
  ];
}

function motoCall(call: AwsCall, accountId: string) {
  return { accountId, region: call.region, service: call.service, body: call.params.toString() };
}

function respond(status: number, contentType: string, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': contentType } });
}
