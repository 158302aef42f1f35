import { readAlertRows } from '../../../providers/cnapp/lacework/alerts.ts';
import { readInventoryRow } from '../../../providers/cnapp/lacework/inventory-row.ts';
import { Lacework } from '../../../providers/cnapp/lacework/section.ts';
import { readPage } from '../../../providers/cnapp/lacework/paging.ts';
import { vulnerabilityFindings } from '../../../providers/cnapp/lacework/vulnerabilities.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { ResourceType } from '../../../schemas/resource-type.ts';
import type { Outcome, VendorReaders } from '../reader.ts';
import { listIn, listReader, noReader } from '../vendor-rows.ts';

const { names } = Lacework.parse({ apiUrl: 'https://a.lacework.net', keyId: 'env:A', secret: 'env:B' });
const data = (body: unknown) => listIn(body, 'data') ?? [];

function inventory(nodes: readonly unknown[]): Outcome {
  const query = { accountId: '111122223333', region: null, resourceTypes: ResourceType.options };
  const rejected: RejectedRow[] = [];
  let read = 0;
  let leftOut = 0;
  for (const node of nodes) {
    const row = readInventoryRow(node, query, names);
    if (row.kind === 'asset') read++;
    else if (row.kind === 'elsewhere') leftOut++;
    else rejected.push(row.rejected);
  }
  return { read, rejected, leftOut };
}

/** Findings are merged and older evaluations left out, so what is not among the findings was read and left out. */
function vulnerabilities(nodes: readonly unknown[]): Outcome {
  const { rows, rejected } = vulnerabilityFindings(nodes, names, 'Vulnerabilities/Containers/search');
  return { read: rows.length, rejected, leftOut: nodes.length - rows.length - rejected.length };
}

export const lacework: VendorReaders = {
  vendor: 'lacework',
  readers: [
    listReader(/\(alerts\)/, data, readAlertRows),
    { endpoint: /\(inventory_aws\)/, rows: (body) => data(body).length, read: (body) => inventory(data(body)) },
    {
      endpoint: /\(v2_vulnerabilities\)/,
      // One of the files is a map of machine tags, which is no answer: the page is refused.
      rows: (body) => listIn(body, 'data')?.length ?? null,
      read: async (body) => {
        const call = { method: 'POST', path: 'Vulnerabilities/Containers/search', permission: '' } as const;
        const page = await readPage({ call: async () => body }, call);
        return vulnerabilities(page.rows);
      },
    },
  ],
  unread: [
    ...noReader('of an alert’s details we read the entity map and the timeline’s text only', /alerts_details/),
    ...noReader('we ask Machines, not their details', /machine_details/),
    ...noReader('administration and reports, which we do not ask', /\((v2_)?[a-z_]+\)/),
  ],
};
