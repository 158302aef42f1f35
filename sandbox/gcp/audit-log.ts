import type { CloudWorld } from '../clouds/world.ts';

/** One change as the admin activity log keeps it. */
export interface AuditEvent {
  readonly at: string;
  readonly principal: string;
  readonly methodName: string;
  readonly resourceName: string;
  /** What the caller gave as the reason of its request. */
  readonly reason: string | null;
}

/** Who made a resource and who changed it. The filter names the resource. */
export function auditEntries(world: CloudWorld, log: readonly AuditEvent[], filter: string): Record<string, unknown>[] {
  const wanted = /protoPayload\.resourceName="([^"]+)"/.exec(filter)?.[1] ?? '';
  const methods = /methodName=~"([^"]+)"/.exec(filter)?.[1];
  const asked = methods === undefined ? null : new RegExp(methods);
  const changes = log.filter((event) => event.resourceName === wanted);
  const linkOf = (key: string) => key.replace(/^\/\/[^/]+\//, '');
  const labelled = world.state.mutations.filter((m) => m.operation === 'retag' && linkOf(m.key) === wanted);
  // The log forgets after four hundred days.
  const born = world.assets.filter(
    (a) => linkOf(a.assetKey) === wanted && a.createdBy !== null && a.createdDaysAgo < 400,
  );
  const entry = (principal: string, methodName: string, reason: string | null) => ({
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      methodName,
      resourceName: wanted,
      authenticationInfo: { principalEmail: principal },
      requestMetadata: { requestAttributes: reason === null ? {} : { reason } },
    },
  });
  const entries = [
    ...labelled.map((m) => entry(m.actor, 'v1.compute.instances.setLabels', null)).reverse(),
    ...changes.map((event) => entry(event.principal, event.methodName, event.reason)),
    ...born.map((a) => entry(`${a.createdBy}@acme.example`, 'v1.compute.instances.insert', null)),
  ];
  return entries.filter((e) => asked === null || asked.test(e.protoPayload.methodName));
}
