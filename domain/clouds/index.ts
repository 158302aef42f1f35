import type { CloudProvider } from '../../schemas/resource-type.ts';
import { aws } from './aws/index.ts';
import { azure } from './azure/index.ts';
import { gcp } from './gcp/index.ts';
import type { CloudKnowledge } from './port.ts';

const CLOUDS: Partial<Record<CloudProvider, CloudKnowledge>> = { aws, azure, gcp };

/** What is known of this cloud; null: nothing is offered there. */
export function cloudOf(provider: CloudProvider): CloudKnowledge | null {
  return CLOUDS[provider] ?? null;
}
