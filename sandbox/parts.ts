import { aws } from './aws/part.ts';
import { azure } from './azure/part.ts';
import { azureCost } from './azure-cost/part.ts';
import { cloudhealth } from './cloudhealth/part.ts';
import { gcp } from './gcp/part.ts';
import { gcpBilling } from './gcp-billing/part.ts';
import { jira } from './jira/part.ts';
import type { SandboxPart } from './kit/part.ts';
import { lacework } from './lacework/part.ts';
import { openai } from './openai/part.ts';
import { orca } from './orca/part.ts';
import { prisma } from './prisma/part.ts';
import { servicenow } from './servicenow/part.ts';
import { slack } from './slack/part.ts';
import { teams } from './teams/part.ts';
import { vantage } from './vantage/part.ts';
import { wiz } from './wiz/part.ts';

/** Every system the embedded estate can have, clouds first. */
export const PARTS = {
  aws,
  azure,
  gcp,
  wiz,
  prisma,
  orca,
  lacework,
  'azure-cost': azureCost,
  'gcp-billing': gcpBilling,
  vantage,
  cloudhealth,
  servicenow,
  jira,
  slack,
  teams,
  openai,
} as const satisfies Record<string, SandboxPart>;
export type PartName = keyof typeof PARTS;

/** Where each part answers, whether it was started or not. */
export type SandboxUrls = Readonly<Record<PartName, string>>;

export const PART_NAMES = Object.keys(PARTS) as PartName[];

export function partUrls(ports: Readonly<Record<PartName, number>>): SandboxUrls {
  return Object.fromEntries(PART_NAMES.map((name) => [name, `http://127.0.0.1:${ports[name]}`])) as SandboxUrls;
}
