import { managedByFrom } from '../../../../domain/controllers/controller-of.ts';

type Tags = Readonly<Record<string, string>>;

/** Whoever would undo or fight our change: a controller, from tags or the name, or infrastructure as code. */
export function managedBy(tags: Tags): string | null {
  return managedByFrom({ provider: 'aws', tags, name: tags['Name'] ?? '' });
}

/** Name of the Auto Scaling group whose membership EC2 itself writes into the tags. */
export function autoScalingGroupTag(tags: Tags): string | null {
  return tags['aws:autoscaling:groupName'] ?? null;
}
