import type { Finding, Posture } from '../../../schemas/posture.ts';

interface Said {
  readonly vendor: string;
  readonly posture: Posture;
}

const FLAGS = ['internetExposed', 'adminPrivileges', 'sensitiveData'] as const;

/**
 * What several CNAPPs say of one asset, as one posture. Of two answers the one that means more risk wins, so that adding a
 * source can only make us more careful; where they contradict each other, `disagreements` names the flag. Findings are
 * united: a CVE both report is one finding, exploited if either says so. Ids carry the vendor in front.
 */
export function mergePostures(said: readonly Said[]): Posture {
  const [first] = said;
  if (first === undefined) throw new Error('nothing to merge');
  const flags = Object.fromEntries(FLAGS.map((flag) => [flag, cautious(said.map((s) => s.posture[flag]))])) as Pick<
    Posture,
    (typeof FLAGS)[number]
  >;
  const disagreements = FLAGS.filter((flag) => {
    const answers = new Set(said.map((s) => s.posture[flag]).filter((v) => v !== null));
    return answers.size > 1;
  });
  const unread = said.flatMap(({ vendor, posture }) =>
    (posture.unread ?? []).map((row) => ({ source: vendor, ...row })),
  );
  const roles = said.flatMap((s) => s.posture.iamRoles ?? []);
  return {
    source: said.map((s) => s.vendor).join('+'),
    vendorId: `${first.vendor}:${first.posture.vendorId}`,
    // As old as the oldest part of it.
    observedAt: said.map((s) => s.posture.observedAt).toSorted()[0] ?? first.posture.observedAt,
    ...flags,
    openPorts: [...new Set(said.flatMap((s) => s.posture.openPorts))],
    iamRoles: said.some((s) => s.posture.iamRoles) ? [...new Set(roles)] : null,
    findings: unite(said),
    ...(unread.length > 0 && { unread }),
    ...(disagreements.length > 0 && { disagreements: [...disagreements] }),
  };
}

function cautious(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(true)) return true;
  return answers.includes(false) ? false : null;
}

function unite(said: readonly Said[]): Finding[] {
  const united = new Map<string, Finding>();
  for (const { vendor, posture } of said)
    for (const finding of posture.findings) {
      const key = finding.cve === null || finding.isIssue ? `${vendor}:${finding.uid}` : `cve:${finding.cve.uid}`;
      const before = united.get(key);
      united.set(key, before ? graver(before, finding) : { ...finding, uid: `${vendor}:${finding.uid}` });
    }
  return [...united.values()];
}

/** OCSF status_id 3 suppressed and 4 resolved: closed only when both say so. */
function graver(a: Finding, b: Finding): Finding {
  const closed = (f: Finding) => f.status_id === 3 || f.status_id === 4;
  const open = closed(a) && !closed(b) ? b : a;
  return {
    ...a,
    status_id: open.status_id,
    severity_id: Math.max(a.severity_id, b.severity_id),
    cve:
      a.cve === null
        ? b.cve
        : {
            uid: a.cve.uid,
            known_exploited: cautious([a.cve.known_exploited, b.cve?.known_exploited ?? null]),
            is_exploit_available: cautious([a.cve.is_exploit_available, b.cve?.is_exploit_available ?? null]),
          },
  };
}
