import type { Posture } from '../../schemas/posture.ts';
import { EXPOSED_FROM, EXPOSURE } from './weights.ts';

/** OCSF status_id of findings that no longer count: suppressed, resolved. */
const CLOSED: readonly number[] = [3, 4];

/** Risk of leaving the asset running, 0–100: why it is worth hurrying. Never lowers the risk of acting. */
export function exposureScoreOf(posture: Posture | null): number {
  if (posture === null) return EXPOSURE.internetExposureUnknown;
  let score = 0;
  if (posture.internetExposed === null) score += EXPOSURE.internetExposureUnknown;
  if (posture.internetExposed === true) {
    score += EXPOSURE.internetExposed;
    if (posture.adminPrivileges === true) score += EXPOSURE.exposedAdmin;
    if (posture.sensitiveData === true) score += EXPOSURE.exposedSensitiveData;
  }
  const open = posture.findings.filter((f) => !CLOSED.includes(f.status_id));
  if (open.some((f) => f.cve?.known_exploited === true)) score += EXPOSURE.knownExploited;
  if (open.some((f) => f.cve?.is_exploit_available === true)) score += EXPOSURE.exploitAvailable;
  const worst = open.reduce((max, f) => (f.severity_id <= 6 ? Math.max(max, f.severity_id) : max), 0);
  if (worst >= 5) score += EXPOSURE.severity.critical;
  else if (worst === 4) score += EXPOSURE.severity.high;
  else if (worst === 3) score += EXPOSURE.severity.medium;
  return Math.min(100, score);
}

/**
 * Exposed to the internet (or not known not to be) with an open vulnerability that is known to be exploited. Null when
 * the posture is not known.
 */
export function knownExploitedExposed(posture: Posture | null): boolean | null {
  if (posture === null) return null;
  if (posture.internetExposed === false) return false;
  return posture.findings.some((f) => !CLOSED.includes(f.status_id) && f.cve?.known_exploited === true);
}

/**
 * An open vulnerability that is known to be exploited, or an exposure for which the asset would be stopped whatever it
 * saves: somebody may be in already, so what is on it is evidence, and a person decides.
 */
export function isEvidence(posture: Posture | null): boolean {
  if (posture === null) return false;
  const exploited = posture.findings.some((f) => !CLOSED.includes(f.status_id) && f.cve?.known_exploited === true);
  return exploited || exposureScoreOf(posture) >= EXPOSED_FROM;
}
