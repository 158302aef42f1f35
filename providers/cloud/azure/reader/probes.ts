import type { Probe } from '../../shared/probes.ts';
import type { AzureClients, AzureSession } from '../clients.ts';
import { mapAzureError } from '../errors.ts';

const HOUR_MS = 3_600_000;

/** Every list that a sweep, gathering and the owner's look-up read, up to their first page, in each subscription. */
export function azureProbes(clients: AzureClients, now: number): Probe[] {
  return clients.config.subscriptions.flatMap(({ subscriptionId }) =>
    Object.entries(callsIn(subscriptionId, now)).map(
      ([permission, call]): Probe => ({
        permission,
        place: subscriptionId,
        run: () =>
          call(clients.reading(subscriptionId)).catch((error: unknown) => {
            throw mapAzureError(error, permission);
          }),
      }),
    ),
  );
}

type Call = (session: AzureSession) => Promise<unknown>;
type Pages = { byPage(): AsyncIterableIterator<unknown> };

const firstPage = (list: Pages): Promise<unknown> => list.byPage().next();

function callsIn(subscriptionId: string, now: number): Readonly<Record<string, Call>> {
  const at = `/subscriptions/${subscriptionId}`;
  const query = (values: Record<string, string>) => new URLSearchParams(values).toString();
  const since = new Date(now - HOUR_MS).toISOString();
  const window = `eventTimestamp ge '${since}' and eventTimestamp le '${new Date(now).toISOString()}'`;
  const events = query({ 'api-version': '2015-04-01', $filter: window, $select: 'caller' });
  const balancers = "resourceType eq 'Microsoft.Network/loadBalancers'";
  const resources = query({ $filter: balancers, $expand: 'createdTime', $top: '1', 'api-version': '2021-04-01' });
  return {
    'Microsoft.Resources/subscriptions/read': ({ arm }) =>
      arm.get(`${at}?api-version=2022-12-01`, 'Microsoft.Resources/subscriptions/read'),
    'Microsoft.Resources/subscriptions/resources/read': ({ arm }) =>
      arm.get(`${at}/resources?${resources}`, 'Microsoft.Resources/subscriptions/resources/read'),
    'Microsoft.Compute/virtualMachines/read': ({ compute }) => firstPage(compute.virtualMachines.listAll()),
    'Microsoft.Compute/disks/read': ({ compute }) => firstPage(compute.disks.list()),
    'Microsoft.Network/networkInterfaces/read': ({ network }) => firstPage(network.networkInterfaces.listAll()),
    'Microsoft.Network/publicIPAddresses/read': ({ network }) => firstPage(network.publicIPAddresses.listAll()),
    'Microsoft.Network/loadBalancers/read': ({ network }) => firstPage(network.loadBalancers.listAll()),
    'Microsoft.Sql/managedInstances/read': ({ sql }) => firstPage(sql.managedInstances.list()),
    'Microsoft.Authorization/locks/read': ({ arm }) =>
      arm.get(
        `${at}/providers/Microsoft.Authorization/locks?api-version=2020-05-01`,
        'Microsoft.Authorization/locks/read',
      ),
    'Microsoft.Insights/eventtypes/values/read': ({ arm }) =>
      arm.get(
        `${at}/providers/Microsoft.Insights/eventtypes/management/values?${events}`,
        'Microsoft.Insights/eventtypes/values/read',
      ),
  };
}
