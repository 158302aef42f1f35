import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { HumanRequest, MutationRequest } from '../../../ports/policy.ts';
import type { CedarRequest } from './engine.ts';
import type { AdminRequest } from './requests.ts';

export function mutationToCedar(request: MutationRequest): CedarRequest {
  const approvers = people(request.approvers);
  const { run, day, ownerDay } = request.budget;
  return {
    principal: uid('Executor', request.executor),
    action: uid('Action', request.action),
    resource: uid('Asset', request.asset.assetKey),
    context: {
      phase: request.phase,
      risk: request.risk,
      confidence: request.confidence,
      killSwitch: request.killSwitch,
      inFreeze: request.inFreeze,
      inWindow: request.inWindow,
      approvals: approvers.length,
      requiredApprovals: request.requiredApprovals,
      approvers: approvers.map(human),
      requesters: people([request.requester]).map(human),
      planDigestMatches: request.planDigestMatches,
      stateDigestMatches: request.stateDigestMatches,
      now: request.now,
      approvalExpiresAt: request.approvalExpiresAt,
      runUsed: run[0],
      runLimit: run[1],
      dayUsed: day[0],
      dayLimit: day[1],
      ownerDayUsed: ownerDay[0],
      ownerDayLimit: ownerDay[1],
      snapshotVerified: request.snapshotVerified,
      openIncident: request.openIncident,
      knownExploitedExposed: request.knownExploitedExposed,
      dataFresh: request.dataFresh,
    },
    entities: [
      entity(uid('Executor', request.executor), {}),
      assetEntity(request.asset),
      ...everyone([...approvers, ...people([request.requester, ...request.asset.tagSetters.subjects])]),
    ],
  };
}

export function humanToCedar(request: HumanRequest): CedarRequest {
  const [subject = request.subject] = people([request.subject]);
  const others = people([request.requester, ...request.asset.tagSetters.subjects]).filter((p) => p !== subject);
  return {
    principal: uid('Human', subject),
    action: uid('Action', request.verb),
    resource: uid('Asset', request.asset.assetKey),
    context: {
      requesters: people([request.requester]).map(human),
      now: request.now,
      approvalExpiresAt: request.approvalExpiresAt,
    },
    entities: [...member(subject, request.groups), assetEntity(request.asset), ...everyone(others)],
  };
}

export function adminToCedar(request: AdminRequest): CedarRequest {
  const [subject = request.subject] = people([request.subject]);
  const installation = uid('Installation', 'this');
  return {
    principal: uid('Human', subject),
    action: uid('Action', request.verb),
    resource: installation,
    context: { twoPerson: request.twoPerson },
    entities: [...member(subject, request.groups), entity(installation, {})],
  };
}

/** Distinct people in a fixed order. Subjects are e-mail addresses, where case makes no second person. */
function people(subjects: readonly (string | null)[]): readonly string[] {
  const known = subjects.filter((s) => s !== null).map(normal);
  return [...new Set(known)].sort();
}

function normal(subject: string): string {
  return subject.normalize('NFKC').trim().toLowerCase();
}

function assetEntity(asset: MutationRequest['asset']): EntityJson {
  return entity(uid('Asset', asset.assetKey), {
    environment: asset.environment,
    account: asset.accountId,
    owner: normal(asset.owner),
    tags: [...tagWords(asset.tags)].sort(),
    managedBy: asset.managedBy,
    autoScaled: asset.autoScaled,
    tagSetters: people(asset.tagSetters.subjects).map(human),
    tagSettersKnown: asset.tagSetters.known,
  });
}

/**
 * A warning counts however it was written: `Do_Not_Touch`, `legal hold`, or `purpose=dr-standby`. More words can only
 * mean more denials.
 */
function tagWords(tags: readonly string[]): Set<string> {
  const words = new Set<string>();
  for (const tag of tags)
    for (const part of [tag, ...tag.split(/[=:,;/]/)]) {
      const word = normal(part);
      words.add(word);
      words.add(word.replace(/[\s_]+/g, '-'));
    }
  return words;
}

function member(subject: string, groups: readonly string[]): readonly EntityJson[] {
  const parents = [...new Set(groups)].sort().map((group) => uid('Group', group));
  return [{ ...entity(uid('Human', subject), { subject }), parents }, ...parents.map((group) => entity(group, {}))];
}

function everyone(subjects: readonly string[]): readonly EntityJson[] {
  return [...new Set(subjects)].map((subject) => entity(uid('Human', subject), { subject }));
}

function human(subject: string): CedarValueJson {
  return { __entity: uid('Human', subject) };
}

function entity(id: TypeAndId, attrs: Record<string, CedarValueJson>): EntityJson {
  return { uid: id, attrs, parents: [] };
}

function uid(type: string, id: string): TypeAndId {
  return { type: `Idlewise::${type}`, id };
}
