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
  const onlyCreations = filter.includes('insert|create');
  const changes = log.filter((event) => event.resourceName === wanted && !onlyCreations);
  // The log forgets after four hundred days.
  const born = world.assets.filter(
    (a) => a.assetKey.replace(/^\/\/[^/]+\//, '') === wanted && a.createdBy !== null && a.createdDaysAgo < 400,
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
  return [
    ...changes.map((event) => entry(event.principal, event.methodName, event.reason)),
    ...born.map((a) => entry(`${a.createdBy}@acme.example`, 'v1.compute.instances.insert', null)),
  ];
}
