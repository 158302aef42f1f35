import { DEV_ACCOUNT, PROD_ACCOUNT } from './accounts.ts';
import { awsPlaceOf } from './clouds.ts';

export { DEV_ACCOUNT, PROD_ACCOUNT } from './accounts.ts';

/** Where seeded assets live, and the phase the sandbox configuration gives each place. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

export const prodUs: Place = { accountId: PROD_ACCOUNT, region: 'us-east-1' };
export const prodEu: Place = { accountId: PROD_ACCOUNT, region: 'eu-west-1' };
export const devUs: Place = { accountId: DEV_ACCOUNT, region: 'us-east-1' };
export const devEu: Place = { accountId: DEV_ACCOUNT, region: 'eu-west-1' };

export const ACCOUNTS = [
  { accountId: PROD_ACCOUNT, name: 'acme-prod', regions: ['us-east-1', 'eu-west-1'] },
  { accountId: DEV_ACCOUNT, name: 'acme-dev', regions: ['us-east-1', 'eu-west-1'] },
] as const;

/** The roll-out the demo expects: approve in production, automate in one region of dev, observe in the other. */
export function sandboxPhase(anywhere: Place): 'observe' | 'approve' | 'automate' {
  const place = awsPlaceOf(anywhere);
  if (place.accountId === PROD_ACCOUNT) return 'approve';
  return place.region === 'us-east-1' ? 'automate' : 'observe';
}
