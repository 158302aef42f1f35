import type { PolicyDocument } from './iam-policy.ts';
import { SandboxRole } from './identities.ts';

const LOOK = [
  'ec2:Describe*',
  'elasticloadbalancing:Describe*',
  'autoscaling:Describe*',
  'rds:Describe*',
  'cloudwatch:GetMetric*',
];

/** The boundary of both executor roles: nothing that hides traces, lifts a protection or acts for nobody. */
const BOUNDARY: PolicyDocument['Statement'] = [
  {
    Effect: 'Deny',
    Action: ['iam:*', 'ec2:DeleteSnapshot', 'ec2:DeregisterImage', 'elasticloadbalancing:ModifyLoadBalancerAttributes'],
    Resource: '*',
  },
  // Keys are used through EC2 for the disks it attaches, and for nothing else.
  { Effect: 'Deny', Action: 'kms:*', Resource: '*', Condition: { StringNotLike: { 'kms:ViaService': 'ec2.*' } } },
  {
    Effect: 'Deny',
    Action: 'ec2:ModifyInstanceAttribute',
    Resource: '*',
    Condition: { StringNotEquals: { 'ec2:Attribute': 'InstanceType' } },
  },
  { Effect: 'Deny', NotAction: LOOK, Resource: '*', Condition: { Null: { 'aws:SourceIdentity': 'true' } } },
];

/** What the EBS user guide lists under "Requirements for Amazon EBS encryption". */
const DISK_KEYS: PolicyDocument['Statement'][number] = {
  Effect: 'Allow',
  Action: [
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncrypt*',
  ],
  Resource: '*',
  Condition: { StringLike: { 'kms:ViaService': 'ec2.*' } },
};

/** Permission policies of the roles every member account has. Enforced by the endpoint and stored in IAM for reading. */
export const rolePolicies: Readonly<Record<SandboxRole, PolicyDocument>> = {
  [SandboxRole.Read]: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [...LOOK, 'cloudwatch:ListMetrics', 'ce:Get*', 'cloudtrail:LookupEvents', 'tag:GetResources'],
        Resource: '*',
      },
    ],
  },
  [SandboxRole.Reversible]: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          ...LOOK,
          'ec2:StopInstances',
          'ec2:StartInstances',
          'ec2:ModifyInstanceAttribute',
          'ec2:CreateTags',
          'rds:StopDBInstance',
          'rds:StartDBInstance',
        ],
        Resource: '*',
      },
      DISK_KEYS,
      ...BOUNDARY,
    ],
  },
  [SandboxRole.Destructive]: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          ...LOOK,
          'ec2:StopInstances',
          'ec2:StartInstances',
          'ec2:CreateSnapshot',
          'ec2:CreateSnapshots',
          'ec2:CreateImage',
          'ec2:CreateTags',
          'ec2:TerminateInstances',
          'ec2:RunInstances',
          'ec2:DeleteVolume',
          'ec2:CreateVolume',
          'ec2:AttachVolume',
          'ec2:DisassociateAddress',
          'ec2:ReleaseAddress',
          'ec2:AllocateAddress',
          'elasticloadbalancing:DeleteLoadBalancer',
          'elasticloadbalancing:DeleteListener',
        ],
        Resource: '*',
      },
      DISK_KEYS,
      ...BOUNDARY,
    ],
  },
  [SandboxRole.Admin]: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};
