import type { VendorReaders } from '../reader.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { cisa } from './cisa.ts';
import { cloudhealth } from './cloudhealth.ts';
import { datadog } from './datadog.ts';
import { gcp } from './gcp.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { jira } from './jira.ts';
import { kubernetes } from './kubernetes.ts';
import { lacework } from './lacework.ts';
import { ocsf } from './ocsf.ts';
import { orca } from './orca.ts';
import { prisma } from './prisma.ts';
import { servicenow } from './servicenow.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { vantage } from './vantage.ts';
import { vault } from './vault.ts';
import { wiz } from './wiz.ts';

/** One file per vendor: which of its recorded answers which code of ours reads. */
export const VENDORS: readonly VendorReaders[] = [
  aws,
  azure,
  cisa,
  cloudhealth,
  datadog,
  gcp,
  github,
  gitlab,
  jira,
  kubernetes,
  lacework,
  ocsf,
  orca,
  prisma,
  servicenow,
  slack,
  teams,
  vantage,
  vault,
  wiz,
];
