import { accountProblem, type CloudProvider } from '../../../schemas/asset.ts';

const CLOUDS: readonly CloudProvider[] = ['aws', 'azure', 'gcp'];

/** Whose account this is, by the way it is written: 12 digits, a subscription UUID, a project id. */
export function cloudOf(accountId: string): CloudProvider | null {
  return CLOUDS.find((cloud) => accountProblem(cloud, accountId.toLowerCase()) === null) ?? null;
}
