import { AwsError } from './errors.ts';
import type { Moto, MotoCall } from './moto.ts';
import { type AwsCall, listParam } from './request.ts';
import { passingState, type World } from './world.ts';
import { firstText, items } from './xml-items.ts';

export interface RuleContext {
  readonly world: World;
  readonly moto: Moto;
  readonly accountId: string;
}

/** Refusals AWS makes and moto does not. Runs after authorisation and never for a dry run. */
export async function checkMutation(call: AwsCall, context: RuleContext): Promise<void> {
  switch (`${call.service}:${call.operation}`) {
    case 'ec2:StartInstances':
      return checkEach(call, context, checkStart);
    case 'ec2:StopInstances':
      return checkEach(call, context, (instance) => {
        if (call.params.get('Hibernate') === 'true') {
          throw new AwsError(
            'UnsupportedHibernationConfiguration',
            `${instance.id} was not configured for hibernation.`,
          );
        }
        refuseIn(instance, 'stopped', ['terminated', 'shutting-down', 'pending']);
      });
    case 'ec2:CreateImage':
    case 'ec2:CreateSnapshots':
      await checkEach(call, context, (instance) =>
        refuseIn(instance, 'used', ['terminated', 'shutting-down', 'pending']),
      );
      return checkImageName(call, context);
    case 'ec2:ModifyInstanceAttribute':
      return checkType(call, context);
    case 'ec2:CreateTags':
    case 'ec2:DeleteTags':
      return checkTags(call);
    case 'elasticloadbalancing:DeleteLoadBalancer':
      return checkProtection(call, context);
    default:
      return;
  }
}

interface Instance {
  readonly id: string;
  readonly state: string;
  readonly type: string;
  readonly architecture: string;
}

async function checkEach(
  call: AwsCall,
  context: RuleContext,
  check: (instance: Instance, context: RuleContext) => void,
): Promise<void> {
  const ids = ['InstanceId', 'InstanceSpecification.InstanceId'].flatMap((p) => listParam(call.params, p));
  for (const instance of await describe(call, context, ids)) check(instance, context);
}

function checkStart(instance: Instance, { world }: RuleContext): void {
  refuseIn(instance, 'started', ['terminated', 'shutting-down', 'stopping']);
  if (instance.state !== 'stopped' || !world.noCapacity.get(instance.id)?.(instance.type)) return;
  throw new AwsError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${instance.type} capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.`,
    500,
  );
}

async function checkType(call: AwsCall, context: RuleContext): Promise<void> {
  const target =
    call.params.get('InstanceType.Value') ??
    (call.params.get('Attribute') === 'instanceType' ? call.params.get('Value') : null);
  const [instance] = await describe(call, context, listParam(call.params, 'InstanceId'));
  if (target === null || !instance) return;
  refuseIn(instance, 'modified', ['running', 'pending', 'stopping', 'shutting-down', 'terminated']);
  const answer = await ask(call, context, { Action: 'DescribeInstanceTypes', 'InstanceType.1': target });
  const type = items(answer, 'instanceTypeSet')[0];
  if (!type) throw new AwsError('InvalidParameterValue', `Invalid value '${target}' for InstanceType.`);
  if (!firstText(type, 'supportedArchitectures')?.includes(`<item>${instance.architecture}</item>`)) {
    throw new AwsError(
      'InvalidParameterValue',
      `The architecture '${instance.architecture}' of the specified instance does not match that of the instance type '${target}'.`,
    );
  }
}

async function checkImageName(call: AwsCall, context: RuleContext): Promise<void> {
  const name = call.params.get('Name');
  if (name === null) return;
  const query = { Action: 'DescribeImages', 'Owner.1': 'self', 'Filter.1.Name': 'name', 'Filter.1.Value.1': name };
  const image = items(await ask(call, context, query), 'imagesSet')[0];
  if (!image) return;
  throw new AwsError(
    'InvalidAMIName.Duplicate',
    `AMI name ${name} is already in use by AMI ${firstText(image, 'imageId')}`,
  );
}

function checkTags(call: AwsCall): void {
  for (const [name, value] of call.params) {
    if (/^Tag\.\d+\.Key$/.test(name) && value.startsWith('aws:')) {
      throw new AwsError('InvalidParameterValue', "Tag keys starting with 'aws:' are reserved for internal use");
    }
  }
}

async function checkProtection(call: AwsCall, context: RuleContext): Promise<void> {
  const arn = call.params.get('LoadBalancerArn') ?? '';
  const answer = await ask(call, context, {
    Action: 'DescribeLoadBalancerAttributes',
    Version: '2015-12-01',
    LoadBalancerArn: arn,
  });
  const protection = items(answer, 'Attributes', 'member').find((a) => a.includes('deletion_protection.enabled'));
  if (!protection || firstText(protection, 'Value') !== 'true') return;
  throw new AwsError(
    'OperationNotPermitted',
    `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
  );
}

function refuseIn(instance: Instance, verb: string, states: readonly string[]): void {
  if (!states.includes(instance.state)) return;
  throw new AwsError(
    'IncorrectInstanceState',
    `The instance '${instance.id}' is not in a state from which it can be ${verb}: it is ${instance.state}.`,
  );
}

/** Instances that exist, in the state AWS would report. Unknown ids are left for moto to refuse. */
async function describe(call: AwsCall, context: RuleContext, ids: readonly string[]): Promise<Instance[]> {
  if (ids.length === 0) return [];
  const query = Object.fromEntries(ids.map((id, i) => [`InstanceId.${i + 1}`, id]));
  const answer = await ask(call, context, { Action: 'DescribeInstances', ...query });
  return items(answer, 'reservationSet').flatMap((reservation) =>
    items(reservation, 'instancesSet').map((item) => {
      const id = firstText(item, 'instanceId') ?? '';
      return {
        id,
        state: passingState(context.world, id) ?? firstText(firstText(item, 'instanceState') ?? '', 'name') ?? '',
        type: firstText(item, 'instanceType') ?? '',
        architecture: firstText(item, 'architecture') ?? 'x86_64',
      };
    }),
  );
}

async function ask(call: AwsCall, context: RuleContext, query: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ Version: '2016-11-15', ...query }).toString();
  const target: MotoCall = { accountId: context.accountId, region: call.region, service: call.service, body };
  return (await context.moto.read(target)).text;
}
