import { at, type Document, documentOf, textAt, yesOrNo } from './fields.ts';
import type { Reader } from './reading.ts';
import { cloudOf } from './resource-types.ts';
import { searchAll } from './search.ts';

const WEEK = 7 * 86_400_000;

/** A machine as the vendor's agent or agentless scan knows it. */
export interface Machine {
  readonly instanceId: string;
  /** The vendor's own number; null for machines that were only scanned from outside. */
  readonly mid: string | null;
  readonly hostname: string | null;
  readonly externalIp: string | null;
  /** `machineTags.lw_InternetExposure`; null when it is not known. */
  readonly exposed: boolean | null;
  /** When it was last heard of, ISO. */
  readonly lastSeenAt: string;
}

/** The newest word on one machine in the last seven days, null when there is none. */
export async function readMachine(reader: Reader, instanceId: string, now: number): Promise<Machine | null> {
  const machines = await search(reader, now, { field: 'machineTags.InstanceId', value: instanceId });
  return machines.get(instanceId) ?? null;
}

/** The machines of an account that were heard of in the last seven days, by instance id. */
export function readMachines(reader: Reader, accountId: string, now: number): Promise<ReadonlyMap<string, Machine>> {
  return search(reader, now, { field: reader.config.names.machineAccount[cloudOf(accountId)], value: accountId });
}

async function search(
  { client, maxPages }: Reader,
  now: number,
  by: { readonly field: string; readonly value: string },
): Promise<Map<string, Machine>> {
  const rows = await searchAll(
    client,
    {
      path: 'Entities/Machines/search',
      permission: 'read machines',
      span: { from: now - WEEK, to: now },
      filters: [{ field: by.field, expression: 'eq', value: by.value }],
    },
    maxPages,
  );
  const machines = new Map<string, Machine>();
  for (const row of rows) {
    const machine = machineOf(row);
    const known = machine === null ? undefined : machines.get(machine.instanceId);
    if (machine !== null && (!known || known.lastSeenAt <= machine.lastSeenAt))
      machines.set(machine.instanceId, machine);
  }
  return machines;
}

function machineOf(row: unknown): Machine | null {
  const tags: Document = documentOf(at(row, 'machineTags')) ?? {};
  const instanceId = textAt(tags, 'InstanceId') ?? textAt(row, 'awsInstanceId');
  if (instanceId === null) return null;
  return {
    instanceId,
    mid: textAt(row, 'mid'),
    hostname: textAt(row, 'hostname') ?? textAt(tags, 'Hostname'),
    externalIp: textAt(tags, 'ExternalIp'),
    exposed: yesOrNo(tags['lw_InternetExposure']),
    lastSeenAt: textAt(row, 'endTime') ?? '',
  };
}
