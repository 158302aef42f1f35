import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import { severityOf } from './alert-finding.ts';
import { has, isIn } from './conditions.ts';
import type { Context } from './context.ts';
import { readWhole } from './paging.ts';
import { readRows } from './read-rows.ts';
import { flag, instant, rowOf, text, texts } from './values.ts';

const OPERATION = 'vulnerabilities';
const Id = z.object({ id: z.string({ error: 'must be the id of the vulnerability' }).min(1) });

/** Every vulnerability of the assets with these vendor ids, as OCSF findings. */
export async function readVulnerabilities(context: Context, vendorIds: readonly string[]): Promise<Finding[]> {
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
  return readRows(OPERATION, nodes, (node) => finding(node, config));
}

function finding(node: unknown, keys: { readonly exploitKey: string; readonly kevKey: string }): Finding {
  const { values = {}, id = null, name = null } = rowOf(node) ?? {};
  const cve = text(values['CveId']) ?? texts(values['CveId'])[0] ?? null;
  const { id: uid } = Id.parse({ id: id ?? cve });
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
