import type { Environment } from '../../schemas/asset.ts';
import type { CmdbRecord } from '../../schemas/cmdb.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { Option } from '../../schemas/option.ts';
import type { RiskLevel } from '../../schemas/risk.ts';
import { looksInjected } from '../untrusted-text.ts';
import { exposureScoreOf, isEvidence } from './exposure.ts';
import {
  CRITICALITY_POINTS,
  ENVIRONMENT_POINTS,
  POINTS,
  RESIZE_POINTS,
  REVERSIBILITY_POINTS,
  riskLevelOf,
} from './weights.ts';

export interface BaseRisk {
  /** Risk of acting, 0–100. */
  readonly score: number;
  readonly level: RiskLevel;
  readonly reasonCodes: readonly string[];
  /** Risk of leaving it running, 0–100. */
  readonly exposureScore: number;
}

type Points = (code: string, points: number) => void;

/** Reason code: a person decides about it, whatever the score. */
export const EVIDENCE_FIRST = 'evidence-first';

/** OCSF status_id of findings nobody looks at any more: suppressed, resolved. */
const CLOSED: readonly number[] = [3, 4];

/**
 * Deterministic risk of acting on the asset, the same for the same facts. Without an option, the risk of the mildest
 * one. Every part only adds: more exposure of others, more dependence, more ignorance never make it smaller.
 */
export function baseRisk(
  record: AssetRecord,
  environment: Environment,
  option?: Pick<Option, 'optionId' | 'reversibility'>,
): BaseRisk {
  let score = 0;
  const reasonCodes: string[] = [];
  const add: Points = (code, points) => {
    if (points <= 0) return;
    score += points;
    reasonCodes.push(code);
  };
  add(`environment-${environment}`, ENVIRONMENT_POINTS[environment]);
  addCmdb(add, record.cmdb);
  addPosture(add, record, option);
  addFacts(add, record);
  if (injectionSuspected(record)) add('INJECTION_SUSPECTED', POINTS.injectionSuspected);
  if (option !== undefined) {
    add(`action-${option.reversibility}`, REVERSIBILITY_POINTS[option.reversibility]);
    if (option.optionId === 'resize-instance') add('action-restarts-instance', RESIZE_POINTS);
  }
  const capped = Math.min(100, score);
  return { score: capped, level: riskLevelOf(capped), reasonCodes, exposureScore: exposureScoreOf(record.posture) };
}

function addCmdb(add: Points, cmdb: CmdbRecord | null): void {
  if (cmdb === null) {
    add('cmdb-unknown', POINTS.cmdbUnknown);
    add('criticality-unknown', CRITICALITY_POINTS[1] as number);
    return;
  }
  if (cmdb.criticality === null) add('criticality-unknown', CRITICALITY_POINTS[1] as number);
  else
    add(`criticality-${cmdb.criticality}`, CRITICALITY_POINTS[cmdb.criticality] ?? (CRITICALITY_POINTS[1] as number));
  const dependents = cmdb.dependents.length;
  if (dependents > 5) add('dependents-exist', POINTS.dependentsMany);
  else if (dependents > 2) add('dependents-exist', POINTS.dependentsSome);
  else if (dependents > 0) add('dependents-exist', POINTS.dependentsFew);
  if (cmdb.openIncidents.length > 0) add('incident-open', POINTS.openIncident);
}

function addPosture(add: Points, { posture }: AssetRecord, option: Pick<Option, 'reversibility'> | undefined): void {
  const sensitive = posture === null ? null : posture.sensitiveData;
  const admin = posture === null ? null : posture.adminPrivileges;
  if (posture === null) {
    add('posture-unknown', POINTS.postureUnknown);
  } else if (posture.findings.some((f) => f.class_uid === 2004 && !CLOSED.includes(f.status_id)))
    add('detection-open', POINTS.openDetection);
  if (isEvidence(posture)) add(EVIDENCE_FIRST, POINTS.evidenceFirst);
  if (sensitive === null) add('sensitive-data-unknown', POINTS.sensitiveDataUnknown);
  if (sensitive === true) add('sensitive-data-held', POINTS.sensitiveData);
  if (sensitive !== false && option !== undefined && option.reversibility !== 'reversible')
    add('destroys-sensitive-data', POINTS.destroysSensitiveData);
  if (admin === null) add('admin-privileges-unknown', POINTS.adminPrivilegesUnknown);
  if (admin === true) add('admin-privileges', POINTS.adminPrivileges);
}

function addFacts(add: Points, { facts }: AssetRecord): void {
  if (facts === null) {
    add('facts-unknown', POINTS.factsUnknown);
    return;
  }
  switch (facts.kind) {
    case 'instance': {
      if (facts.backendGroupIds.length > 0) add('open-connections', POINTS.openConnections);
      if (facts.publicIp !== null) add('public-address', POINTS.publicAddress);
      // Protection of either kind says that somebody wanted it kept, whatever we are about to do.
      if (facts.deletionProtection === true || facts.stopProtection === true) add('protected', POINTS.protected);
      if (facts.deletionProtection === null || facts.stopProtection === null)
        add('protection-unknown', POINTS.protectionUnknown);
      return;
    }
    case 'volume':
      if (facts.attachedInstanceIds.length > 0) add('open-connections', POINTS.openConnections);
      return;
    case 'address':
      if (facts.associationId !== null) add('open-connections', POINTS.openConnections);
      return;
    case 'load-balancer':
      if (facts.registeredTargets > 0) add('open-connections', POINTS.openConnections);
      if (facts.deletionProtection === true) add('protected', POINTS.protected);
      if (facts.deletionProtection === null) add('protection-unknown', POINTS.protectionUnknown);
      return;
    case 'database':
      if (facts.replicas.length > 0 || facts.replicaOf !== null) add('open-connections', POINTS.openConnections);
      if (facts.publiclyAccessible === true) add('public-address', POINTS.publicAddress);
      if (facts.deletionProtection === true) add('protected', POINTS.protected);
      if (facts.deletionProtection === null) add('protection-unknown', POINTS.protectionUnknown);
      return;
    case 'resource':
      add('facts-unknown', POINTS.factsUnknown);
  }
}

/** Any text an outsider may have written, looked at for words meant for a model instead of a person. */
export function injectionSuspected(record: AssetRecord): boolean {
  const tags = { ...record.asset.tags, ...record.facts?.tags };
  const texts = [record.asset.name, ...Object.keys(tags), ...Object.values(tags)];
  const cmdb = record.cmdb;
  if (cmdb !== null)
    texts.push(
      cmdb.name,
      ...[cmdb.environment, cmdb.supportGroup, cmdb.maintenanceWindow, cmdb.operationalStatus].filter(
        (t) => t !== null,
      ),
      ...cmdb.dependents,
      ...cmdb.openIncidents,
    );
  for (const finding of record.posture?.findings ?? []) texts.push(finding.title);
  return (
    texts.some((text) => text.length > 12 && looksInjected(text)) || texts.some((t) => t.length <= 12 && hidden(t))
  );
}

/** Short texts cannot hold a sentence, but they can hold characters nobody sees. */
function hidden(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return looksInjected(text);
  return false;
}
