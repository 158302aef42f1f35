import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { Readings } from '../../../ports/rows.ts';
import { type Asked, parseRow, RowError, readRows, textOf } from '../../rows.ts';
import type { CspmClient } from './cspm-client.ts';
import { failure, firstProblem, VENDOR } from './errors.ts';
import { LooseMoment, LooseText } from './rows.ts';
import { severityId, statusId } from './words.ts';

/** What other scanners found and the platform took in. */
const TYPES = ['guard_duty_host', 'guard_duty_iam', 'inspector_sbp', 'compliance_cis', 'host_vulnerability_cve'];

const Row = z.object({
  findingId: LooseText,
  externalFindingId: LooseText,
  type: LooseText,
  source: LooseText,
  severity: LooseText,
  status: LooseText,
  title: LooseText,
  cveId: LooseText,
  createdOn: LooseMoment,
  updatedOn: LooseMoment,
});

export async function readExternalFindings(cspm: CspmClient, rrn: unknown): Promise<Readings<Finding>> {
  const operation = 'external-findings';
  const body = { rrn, findingType: TYPES, riskFactors: [] };
  const answer = (await cspm.call({ operation, path: '/resource/external_finding', body })) ?? [];
  const nodes = z.array(z.unknown()).safeParse(answer);
  if (!nodes.success) throw failure(operation, Kind.Malformed, firstProblem(nodes.error));
  const asked = { provider: VENDOR, operation };
  return readRows(nodes.data, {
    ...asked,
    read: (node) => findingOf(parseRow(Row, node, asked), asked),
    idOf: (node) => textOf(node, 'title'),
  });
}

function findingOf(row: z.infer<typeof Row>, asked: Asked): Finding {
  const uid = row.findingId ?? row.externalFindingId;
  if (!uid) throw new RowError(asked, { field: 'findingId', found: uid, fix: 'must be the id of the finding' });
  return {
    uid,
    class_uid: classOf(row.type),
    title: row.title ?? row.cveId ?? 'Finding without a title',
    severity_id: severityId(row.severity),
    status_id: statusId(row.status),
    first_seen_time: row.createdOn ?? null,
    last_seen_time: row.updatedOn ?? null,
    cve: row.cveId ? { uid: row.cveId, known_exploited: null, is_exploit_available: null } : null,
    isIssue: false,
    policy: null,
  };
}

function classOf(type: string | null | undefined): Finding['class_uid'] {
  switch (type) {
    case 'host_vulnerability_cve':
      return 2002;
    case 'inspector_sbp':
    case 'compliance_cis':
      return 2003;
    default:
      return 2004;
  }
}
