import type { Environment } from '../../schemas/asset.ts';
import type { Reversibility } from '../../schemas/option.ts';
import type { RiskLevel } from '../../schemas/risk.ts';

/**
 * Points of the risk of acting, added up and capped at 100. Not knowing always costs more than a harmless answer and
 * at least half of the worst one. The reasons for the sizes are in docs/detection.md.
 */
export const ENVIRONMENT_POINTS: Readonly<Record<Environment, number>> = {
  prod: 30,
  unknown: 30,
  staging: 12,
  test: 6,
  dev: 2,
  sandbox: 0,
};

/** CMDB criticality 1 (most critical) to 4; null counts as 1. */
export const CRITICALITY_POINTS: Readonly<Record<number, number>> = { 1: 25, 2: 15, 3: 6, 4: 0 };

export const POINTS = {
  cmdbUnknown: 10,
  dependentsFew: 8,
  dependentsSome: 12,
  dependentsMany: 18,
  sensitiveData: 12,
  sensitiveDataUnknown: 8,
  adminPrivileges: 5,
  adminPrivilegesUnknown: 3,
  /** Registered with a load balancer: somebody may be connected. More than low by itself, so that a person decides. */
  openConnections: 21,
  publicAddress: 3,
  protected: 10,
  protectionUnknown: 4,
  factsUnknown: 15,
  postureUnknown: 10,
  openIncident: 20,
  openDetection: 20,
  /** Stopping loses what is in memory, and tells whoever is in. More than low by itself. */
  evidenceFirst: 21,
  injectionSuspected: 10,
  /** Sensitive data and an action that does not leave the disk where it is. */
  destroysSensitiveData: 8,
} as const;

export const REVERSIBILITY_POINTS: Readonly<Record<Reversibility, number>> = {
  reversible: 0,
  restorable: 15,
  irreversible: 25,
};

/** A resize stops and starts the machine on other hardware: reversible, yet it can fail on the way. */
export const RESIZE_POINTS = 5;

/** Risk of leaving the asset running. */
export const EXPOSURE = {
  internetExposed: 25,
  internetExposureUnknown: 8,
  knownExploited: 35,
  exploitAvailable: 15,
  severity: { critical: 20, high: 10, medium: 5 },
  exposedAdmin: 10,
  exposedSensitiveData: 10,
} as const;

/** From here on an asset is dangerous enough to be stopped even when nothing is saved. */
export const EXPOSED_FROM = 40;

export const LOW_MAX = 20;
export const MEDIUM_MAX = 45;
export const HIGH_MAX = 70;

export function riskLevelOf(score: number): RiskLevel {
  if (score <= LOW_MAX) return 'low';
  if (score <= MEDIUM_MAX) return 'medium';
  return score <= HIGH_MAX ? 'high' : 'critical';
}

/** What the model's answer adds. A veto also lifts the score to at least `high`. */
export const MODEL_DELTA_POINTS = { 0: 0, 1: 10, 2: 25, veto: 25 } as const;
export const VETO_FLOOR = 60;
