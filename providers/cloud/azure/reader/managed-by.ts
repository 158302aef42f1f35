import { managedByFrom } from '../../../../domain/controllers/controller-of.ts';

type Tags = Readonly<Record<string, string>>;

/** Whoever would undo or fight our change: a service, from its tags or resource group, or infrastructure as code. */
export function managedBy(tags: Tags, resourceGroup: string): string | null {
  return managedByFrom({ provider: 'azure', tags, name: tags['Name'] ?? '', resourceGroup });
}
