import type { Probe } from '../../shared/probes.ts';
import type { GcpClients, GcpSession } from '../clients.ts';
import { mapGoogleError } from '../errors.ts';

/** Every list that a sweep, gathering and the owner's look-up read, with one row, in each project. */
export function gcpProbes(clients: GcpClients): Probe[] {
  return clients.config.projects.flatMap(({ projectId, regions }) =>
    Object.entries(callsIn(projectId, regions[0] ?? 'us-central1')).map(
      ([permission, call]): Probe => ({
        permission,
        place: projectId,
        run: () =>
          call(clients.reading(projectId)).catch((error: unknown) => {
            throw mapGoogleError(error, permission);
          }),
      }),
    ),
  );
}

type Call = (session: GcpSession) => Promise<unknown>;

function callsIn(project: string, region: string): Readonly<Record<string, Call>> {
  const one = { project, maxResults: 1, returnPartialSuccess: true };
  return {
    'compute.projects.get': ({ compute }) => compute.projects.get({ project }),
    'compute.instances.list': ({ compute }) => compute.instances.aggregatedList(one),
    'compute.disks.list': ({ compute }) => compute.disks.aggregatedList(one),
    'compute.addresses.list': ({ compute }) => compute.addresses.aggregatedList(one),
    // Most regions have a zone b; where there is none, Google says so after it has looked at the rights.
    'compute.instances.listReferrers': ({ compute }) =>
      compute.instances.listReferrers({ project, zone: `${region}-b`, instance: '-', maxResults: 1 }),
    'cloudsql.instances.list': ({ sql }) => sql.instances.list({ project, maxResults: 1 }),
    'logging.logEntries.list': (session) =>
      session.call('logging', {
        operation: 'logging.logEntries.list',
        path: '/v2/entries:list',
        body: {
          resourceNames: [`projects/${project}`],
          filter: `logName="projects/${project}/logs/cloudaudit.googleapis.com%2Factivity"`,
          orderBy: 'timestamp desc',
          pageSize: 1,
        },
      }),
  };
}
