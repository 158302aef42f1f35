import { managedByFrom } from '../../../../domain/controllers/controller-of.ts';

type Labels = Readonly<Record<string, string>>;

/** Whoever would undo or fight our change: a service, from the labels or the name, or infrastructure as code. */
export function managedBy(labels: Labels, name: string): string | null {
  return managedByFrom({ provider: 'gcp', tags: labels, name });
}
