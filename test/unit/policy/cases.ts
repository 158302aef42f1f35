import type { HumanRequest, MutationRequest, PolicyPort } from '../../../ports/policy.ts';
import { allowed, approving, automated, change } from './requests.ts';

/** One question to the policies and the exact answer, by the names the audit shows. */
export interface Case {
  readonly name: string;
  readonly ask: (policy: PolicyPort) => { allow: boolean; reasons: readonly string[] };
  readonly reasons: readonly string[];
}

const mutate = (name: string, request: MutationRequest, ...reasons: string[]): Case => ({
  name,
  ask: (policy) => policy.decideMutation(request),
  reasons,
});
const human = (name: string, over: Partial<HumanRequest>, ...reasons: string[]): Case => ({
  name,
  ask: (policy) => policy.decideHuman({ ...approving, ...over }),
  reasons,
});
const admin = (name: string, over: Partial<Parameters<PolicyPort['decideAdmin']>[0]>, ...reasons: string[]): Case => ({
  name,
  ask: (policy) =>
    policy.decideAdmin({ verb: 'SetPhase', subject: 'a@example.com', groups: ['admins'], twoPerson: true, ...over }),
  reasons,
});

const two = ['ann@example.com', 'bob@example.com'];
const destroy = { action: 'snapshot-and-terminate-instance' } as const;

export const CASES: readonly Case[] = [
  mutate('approved', allowed, 'exec-approved'),
  mutate('approved by nobody', change({ approvers: [], requiredApprovals: 0 }), 'no-permit'),
  mutate('nobody, and one was asked for', change({ approvers: [] }), 'forbid-too-few-approvals'),
  mutate('one of two that were asked for', change({ requiredApprovals: 2 }), 'forbid-too-few-approvals'),
  mutate('two of two that were asked for', change({ requiredApprovals: 2, approvers: two }), 'exec-approved'),
  mutate(
    'low risk in automate, and two were asked for',
    change({ requiredApprovals: 2 }, automated),
    'forbid-too-few-approvals',
  ),
  mutate('approval run out', change({ now: 2_000 }), 'no-permit'),
  mutate('approval in its last second', change({ now: 1_999 }), 'exec-approved'),
  mutate('automated', automated, 'exec-automated-low-risk'),
  mutate('automated at risk 21', change({ risk: 21 }, automated), 'no-permit'),
  mutate('automated at confidence 94', change({ confidence: 94 }, automated), 'no-permit'),
  mutate('automated in test', change({ asset: { environment: 'test' } }, automated), 'no-permit'),
  mutate('automated and destructive', change(destroy, automated), 'no-permit'),
  mutate('automated in approve phase', change({ phase: 'approve' }, automated), 'no-permit'),
  mutate('kill switch', change({ killSwitch: true }), 'forbid-kill-switch'),
  mutate('kill switch, automated', change({ killSwitch: true }, automated), 'forbid-kill-switch'),
  mutate('observe phase', change({ phase: 'observe' }), 'forbid-observe-phase'),
  mutate('freeze', change({ inFreeze: true }), 'forbid-freeze'),
  mutate('outside the window', change({ inWindow: false }), 'forbid-outside-window'),
  mutate('plan changed', change({ planDigestMatches: false }), 'forbid-changed-plan'),
  mutate('state changed', change({ stateDigestMatches: false }, automated), 'forbid-changed-state'),
  mutate('production, one person', change({ asset: { environment: 'prod' } }), 'forbid-prod-single-approval'),
  mutate('unknown environment', change({ asset: { environment: 'unknown' } }), 'forbid-prod-single-approval'),
  mutate('production, two people', change({ asset: { environment: 'prod' }, approvers: two }), 'exec-approved'),
  mutate(
    'production, one person twice',
    change({ asset: { environment: 'prod' }, approvers: ['ann@example.com', ' Ann@Example.com'] }),
    'forbid-prod-single-approval',
  ),
  mutate('risk 59, one person', change({ risk: 59 }), 'exec-approved'),
  mutate('risk 60, one person', change({ risk: 60 }), 'forbid-high-risk-single-approval'),
  mutate('risk 60, two people', change({ risk: 60, approvers: two }), 'exec-approved'),
  mutate('approved by the requester', change({ approvers: ['RITA@example.com'] }), 'forbid-self-approval'),
  mutate('approved by the tag setter', change({ approvers: ['setter@example.com'] }), 'forbid-self-approval'),
  mutate(
    'tagged by nobody knows whom, one person',
    change({ asset: { tagSetters: { known: false, subjects: [] } } }),
    'forbid-unknown-tag-setter',
  ),
  mutate(
    'tagged by nobody knows whom, two people',
    change({ asset: { tagSetters: { known: false, subjects: [] } }, approvers: two }),
    'exec-approved',
  ),
  mutate(
    'tagged by nobody knows whom, automated',
    change({ asset: { tagSetters: { known: false, subjects: [] } } }, automated),
    'forbid-unknown-tag-setter',
  ),
  mutate(
    'tagged by one of two approvers',
    change({ asset: { tagSetters: { known: true, subjects: ['x@example.com', 'Bob@example.com '] } }, approvers: two }),
    'forbid-self-approval',
  ),
  mutate('run budget used', change({ budget: { ...allowed.budget, run: [5, 5] } }), 'forbid-blast-radius'),
  mutate('day budget used', change({ budget: { ...allowed.budget, day: [6, 5] } }), 'forbid-blast-radius'),
  mutate('owner budget used', change({ budget: { ...allowed.budget, ownerDay: [0, 0] } }), 'forbid-blast-radius'),
  mutate('last place in the budget', change({ budget: { ...allowed.budget, run: [4, 5] } }), 'exec-approved'),
  ...['do-not-touch', 'legal-hold=true', 'DR_Standby', 'purpose=License Bound'].map((tag) =>
    mutate(`tag ${tag}`, change({ asset: { tags: ['a', tag] } }), 'forbid-deny-tags'),
  ),
  mutate('auto-scaled', change({ asset: { autoScaled: true } }), 'forbid-managed'),
  mutate('managed by terraform', change({ asset: { managedBy: 'terraform' } }), 'forbid-managed'),
  mutate(
    'terminate without snapshot',
    change({ ...destroy, snapshotVerified: false }),
    'forbid-destroy-without-snapshot',
  ),
  mutate(
    'delete volume without snapshot',
    change({ action: 'snapshot-and-delete-volume', snapshotVerified: false }),
    'forbid-destroy-without-snapshot',
  ),
  mutate('release needs no snapshot', change({ action: 'release-address', snapshotVerified: false }), 'exec-approved'),
  mutate('stop needs no snapshot', change({ snapshotVerified: false }), 'exec-approved'),
  mutate('stale data', change({ dataFresh: false }), 'forbid-stale-data'),
  mutate('open incident', change({ openIncident: true }), 'forbid-open-incident'),
  mutate('destroying evidence', change({ ...destroy, knownExploitedExposed: true }), 'forbid-destructive-on-kev'),
  mutate('stopping an exploited machine', change({ knownExploitedExposed: true }), 'exec-approved'),
  mutate(
    'everything that is wrong is said',
    change({ killSwitch: true, inFreeze: true, dataFresh: false }),
    'forbid-freeze',
    'forbid-kill-switch',
    'forbid-stale-data',
  ),
  human('an approver approves', {}, 'approvers-answer'),
  human('someone else approves', { groups: ['web'] }, 'no-permit'),
  human('an admin is not an approver', { groups: ['admins'] }, 'no-permit'),
  human('the requester approves', { subject: 'Rita@example.com' }, 'forbid-approving-own-request'),
  human('the tag setter approves', { subject: 'setter@example.com' }, 'forbid-approving-own-request'),
  human('the requester may reject', { verb: 'reject', subject: 'rita@example.com' }, 'approvers-answer'),
  human('too late', { now: 2_000 }, 'forbid-late-approval'),
  human('late rejection', { verb: 'reject', now: 3_000 }, 'approvers-answer'),
  human('the owner declines', { verb: 'snooze', subject: 'owner@example.com', groups: [] }, 'owner-declines'),
  human('the owner cannot approve', { subject: 'owner@example.com', groups: [] }, 'no-permit'),
  human('a stranger cannot reject', { verb: 'reject', groups: [] }, 'no-permit'),
  admin('two admins change the phase', {}, 'admins-change-together'),
  admin('one admin does not', { twoPerson: false }, 'no-permit'),
  admin('nor two others', { verb: 'SetPolicy', groups: ['approvers'] }, 'no-permit'),
  admin('one admin stops everything', { verb: 'KillSwitch', twoPerson: false }, 'admins-kill-switch'),
  admin('a stranger stops nothing', { verb: 'KillSwitch', groups: [] }, 'no-permit'),
];
