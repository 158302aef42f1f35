import type { HumanRequest, MutationRequest } from '../../../ports/policy.ts';

/** A stop of a development machine that one person approved and nothing speaks against. */
export const allowed: MutationRequest = {
  action: 'stop-instance',
  executor: 'executor',
  asset: {
    assetKey: 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1',
    environment: 'dev',
    accountId: '111111111111',
    owner: 'owner@example.com',
    tags: ['name', 'name=web-1'],
    managedBy: 'none',
    autoScaled: false,
    tagSetters: { known: true, subjects: ['setter@example.com'] },
  },
  phase: 'approve',
  risk: 30,
  confidence: 80,
  killSwitch: false,
  inFreeze: false,
  inWindow: true,
  approvers: ['ann@example.com'],
  requiredApprovals: 1,
  requester: 'rita@example.com',
  planDigestMatches: true,
  stateDigestMatches: true,
  now: 1_000,
  approvalExpiresAt: 2_000,
  budget: { run: [0, 5], day: [0, 5], ownerDay: [0, 5] },
  snapshotVerified: true,
  openIncident: false,
  knownExploitedExposed: false,
  dataFresh: true,
};

/** The same change where nobody was asked and automation may decide. */
export const automated: MutationRequest = {
  ...allowed,
  phase: 'automate',
  approvers: [],
  requiredApprovals: 0,
  risk: 20,
  confidence: 95,
};

export const approving: HumanRequest = {
  verb: 'approve',
  subject: 'ann@example.com',
  groups: ['approvers', 'web'],
  asset: allowed.asset,
  requester: 'rita@example.com',
  now: 1_000,
  approvalExpiresAt: 2_000,
};

type Change = Partial<Omit<MutationRequest, 'asset'>> & { asset?: Partial<MutationRequest['asset']> };

export function change(over: Change, from: MutationRequest = allowed): MutationRequest {
  return { ...from, ...over, asset: { ...from.asset, ...over.asset } };
}
