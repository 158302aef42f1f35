import { AWS_ACTING } from './aws-acting.ts';
import { AWS_MACHINES_STORAGE } from './aws-machines-storage.ts';
import { AWS_SERVICES } from './aws-services.ts';
import { AZURE_ACTING } from './azure-acting.ts';
import { AZURE_REPORTED } from './azure-reported.ts';
import { GCP } from './gcp.ts';
import type { RuleCase } from './rule-case.ts';

/** An example for every shipped rule, by its id. A rule without one fails the suite. */
export const CASES: Readonly<Record<string, RuleCase>> = {
  ...AWS_ACTING,
  ...AWS_MACHINES_STORAGE,
  ...AWS_SERVICES,
  ...AZURE_ACTING,
  ...AZURE_REPORTED,
  ...GCP,
};
