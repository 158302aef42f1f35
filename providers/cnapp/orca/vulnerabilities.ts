import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import type { Readings } from '../../../ports/rows.ts';
import { parseRow, readRows, textOf } from '../../rows.ts';
import { severityOf } from './alert-finding.ts';
import { has, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { VENDOR } from './errors.ts';
import { readWhole } from './paging.ts';
import { flag, instant, rowOf, text, texts } from './values.ts';

const OPERATION = 'vulnerabilities';
const ASKED = { provider: VENDOR, operation: OPERATION };
const Id = z.object({ id: z.string({ error: 'must be the id of the vulnerability' }).min(1) });

/** Every vulnerability of the assets with these vendor ids, as OCSF findings. */
export async function readVulnerabilities(context: Context, vendorIds: readonly string[]): Promise<Readings<Finding>> {
  const { serving, config } = context;
  const nodes = await readWhole(
    OPERATION,
    (start, limit) =>
      serving.ask({
        operation: OPERATION,
        models: ['VulnerabilityV2'],
        conditions: [has('Inventory', [isIn('AssetUniqueId', vendorIds)])],
        orderBy: 'CveId',
        limit,
        start,
        needs: 'read vulnerabilities (the model VulnerabilityV2)',
      }),
    context,
  );
  const read = (node: unknown) => vulnerabilityFinding(node, config);
  return readRows(nodes, { ...ASKED, read, idOf: (node) => textOf(node, 'name') });
}

/** @throws RowError when it has no id */
export function vulnerabilityFinding(
  node: unknown,
  keys: { readonly exploitKey: string; readonly kevKey: string },
): Finding {
  const { values = {}, id = null, name = null } = rowOf(node) ?? {};
  const cve = text(values['CveId']) ?? texts(values['CveId'])[0] ?? null;
  const { id: uid } = parseRow(Id, { id: id ?? cve }, ASKED);
  return {
    uid,
    class_uid: 2002,
    title: name ?? cve ?? 'Vulnerability without a name',
    severity_id: severityOf(text(values['CvssSeverity'])),
    // The list holds what is there now; a vulnerability that is gone leaves it.
    status_id: 1,
    first_seen_time: instant(values['FirstSeen']),
    last_seen_time: instant(values['LastSeen']),
    cve: {
      uid: cve ?? uid,
      known_exploited: flag(values[keys.kevKey]),
      is_exploit_available: flag(values[keys.exploitKey]),
    },
    isIssue: false,
  };
}
