import { kindOf } from '../estate/kinds.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import { machineTags } from './machines.ts';
import { iso, midOf } from './names.ts';
import type { Row, World } from './types.ts';

const HOUR = 3_600_000;
type Seeded = SeededAsset['posture']['findings'][number];

const word = (flag: boolean): string => (flag ? 'Yes' : 'No');
export const severityWord = (severity: string): string => severity.charAt(0) + severity.slice(1).toLowerCase();

/**
 * `Vulnerabilities/Hosts/search`: every machine is evaluated twice a day, by an agent. The older evaluation still has what was
 * mended since, and the newest says of one more that it is fixed. A stopped machine's disk stays as vulnerable as it was.
 */
export function hostRows(world: World): readonly Row[] {
  const now = world.clock();
  return world.estate.assets
    .filter((a) => kindOf(a.resourceType) === 'instance' && world.stateAt(a, now) !== 'gone')
    .flatMap((asset) => {
      const found = asset.posture.findings.filter((f) => f.kind === 'vulnerability');
      if (found.length === 0) return [];
      const row = (finding: Seeded, more: { status: string; hoursAgo: number }) =>
        hostRow(world, asset, { finding, ...more });
      return [
        ...found.map((finding) => row(finding, { status: 'Active', hoursAgo: 3 })),
        row(mended('CVE-2020-1111'), { status: 'Fixed', hoursAgo: 3 }),
        ...found.map((finding) => row(finding, { status: 'New', hoursAgo: 15 })),
        row(mended('CVE-2020-2222'), { status: 'Active', hoursAgo: 15 }),
      ];
    });
}

const mended = (cve: string): Seeded => ({ kind: 'vulnerability', title: cve, severity: 'HIGH', cve });

function hostRow(
  world: World,
  asset: SeededAsset,
  of: { readonly finding: Seeded; readonly status: string; readonly hoursAgo: number },
): Row {
  const { finding, status, hoursAgo } = of;
  const at = world.clock() - hoursAgo * HOUR;
  return {
    vulnId: finding.cve ?? finding.title,
    severity: severityWord(finding.severity),
    status,
    mid: midOf(world.estate.seed, asset),
    evalGuid: hexOf(keyOf(world.estate.seed, `eval/${asset.name}/${hoursAgo}`), 32),
    startTime: iso(at),
    endTime: iso(at + HOUR),
    featureKey: { name: 'openssl', namespace: 'ubuntu:22.04', package_active: 1, version_installed: '3.0.1' },
    // Text here, a number for images.
    fixInfo: { fix_available: '1', fixed_version: '3.0.9', eval_status: 'VULNERABLE' },
    evalCtx: { hostname: asset.name, collector_type: 'Agent' },
    props: { first_time_seen: iso(world.estate.seededAt * 1000 - 20 * 24 * HOUR) },
    riskInfo: {
      host_risk_factors_breakdown: {
        exploit_summary: {
          ...(finding.exploit === undefined ? {} : { exploit_public: word(finding.exploit) }),
          ...(finding.kev === undefined ? {} : { disclosure_in_wild: word(finding.kev) }),
        },
      },
    },
    machineTags: machineTags(world, asset),
  };
}
