import { z } from 'zod';
import { Duration, SecretRef, Url } from '../../../schemas/config-values.ts';
import { CloudProvider, ResourceType } from '../../../schemas/resource-type.ts';

const DAY = 86_400_000;
const week = (what: string) =>
  Duration.refine(
    (ms) => ms >= 3_600_000 && ms <= 7 * DAY,
    `${what} must be between 1h and 7d, the longest the API takes`,
  );

/** One text for each cloud. */
const perCloud = (aws: string, azure: string, gcp: string) =>
  z
    .strictObject({ aws: z.string().default(aws), azure: z.string().default(azure), gcp: z.string().default(gcp) })
    .default({ aws, azure, gcp });

/**
 * Names and values the vendor does not publish, or spells differently from tenant to tenant. Each default is the likeliest;
 * where one is wrong, the value of the tenant goes here and no code changes.
 */
const Names = z.strictObject({
  /** Further spellings of `resourceType` in the inventory, beside those built in. */
  resourceTypes: z.partialRecord(ResourceType, z.array(z.string().min(1))).default({}),
  /** Where an inventory row keeps its account, and by what it is filtered. */
  inventoryAccount: perCloud('cloudDetails.accountID', 'cloudDetails.subscriptionId', 'cloudDetails.projectId'),
  /** The same for a compliance evaluation. */
  complianceAccount: perCloud('account.AccountId', 'account.SubscriptionId', 'account.ProjectId'),
  complianceDataset: perCloud('AwsCompliance', 'AzureCompliance', 'GcpCompliance'),
  /** Path in `resourceConfig` of what `machineTags.InstanceId` says of the same machine. */
  machineId: perCloud('InstanceId', 'vmId', 'id'),
  /** By what the machines of an account are filtered. */
  machineAccount: perCloud('machineTags.Account', 'machineTags.Account', 'machineTags.ProjectId'),
  /** Clouds whose `resourceRegion` is spelt as ours, so that the vendor may filter by it. */
  regionFilter: z.array(CloudProvider).default(['aws']),
  /** LQL sources. */
  sources: z
    .strictObject({
      volumes: z.string().default('LW_CFG_AWS_EC2_VOLUMES'),
      securityGroups: z.string().default('LW_CFG_AWS_EC2_SECURITY_GROUPS'),
      roles: z.string().default('LW_CFG_AWS_IAM_ROLES'),
    })
    .default({
      volumes: 'LW_CFG_AWS_EC2_VOLUMES',
      securityGroups: 'LW_CFG_AWS_EC2_SECURITY_GROUPS',
      roles: 'LW_CFG_AWS_IAM_ROLES',
    }),
  /** Most rows an LQL query is asked for. As many as that means: there are more. */
  queryLimit: z.number().int().positive().default(5000),
  /** Response headers that say how many requests are left, and in how many seconds there are more. */
  rateHeaders: z
    .strictObject({ remaining: z.string(), reset: z.string() })
    .default({ remaining: 'RateLimit-Remaining', reset: 'RateLimit-Reset' }),
  /** Where a host vulnerability says whether exploits exist; the first path that is there counts. */
  exploitSummaries: z
    .array(z.string())
    .default([
      'riskInfo.host_risk_factors_breakdown.exploit_summary',
      'hostRiskInfo.host_risk_factors_breakdown.exploit_summary',
    ]),
  /** Its entries that mean: an exploit can be had. */
  publicExploit: z.array(z.string()).default(['exploit_public']),
  /** Its entries that mean: it is being exploited. */
  knownExploited: z.array(z.string()).default(['disclosure_in_wild', 'exploit_wormified', 'exploit_virus_malware']),
  /** Statuses of a vulnerability that somebody excepted. */
  exceptionStatuses: z.array(z.string()).default(['Exception', 'EXCEPTION']),
});

/** Lacework (FortiCNAPP), API version 2: the section `cnapp.lacework`. */
export const Lacework = z.strictObject({
  /** e.g. https://acme.lacework.net. */
  apiUrl: Url,
  keyId: SecretRef,
  secret: SecretRef,
  /** Sub-account of an organisation, sent as `Account-Name`. */
  subAccount: z.string().min(1).nullable().default(null),
  /** Sent as `Org-Access` when set. */
  orgAccess: z.boolean().nullable().default(null),
  maxConcurrent: z.number().int().positive().default(4),
  timeout: Duration.default(30_000),
  /** What is asked of one part of the API in an hour at most; the vendor refuses more than 480. */
  requestsPerHour: z.number().int().positive().default(480),
  /** How far back the newest collection is looked for. Collections run once a day, and not on the minute. */
  window: week('window').default(26 * 3_600_000),
  /** How far back alerts and image assessments are looked for. */
  history: Duration.refine((ms) => ms >= DAY && ms <= 92 * DAY, 'history must be between 1d and 92d').default(28 * DAY),
  /** How long the list of alerts is used again. */
  alertsFor: Duration.default(120_000),
  /** Alerts of these categories are read one by one for the machines and resources they name; the rest by their text. */
  detailsFor: z.array(z.string()).default(['Composite', 'Anomaly']),
  /** How long what is read for a whole account is used again: compliance, security groups, roles, volumes. */
  accountFactsFor: Duration.default(1_800_000),
  /** A running machine whose agent has said nothing for this long is a sign of idleness. */
  agentSilence: week('agentSilence').default(2 * DAY),
  /** False: no scan is asked for, only the next daily collection is waited for. */
  requestScans: z.boolean().default(true),
  /** The state of a scan is asked for no more often than this. */
  scanPoll: Duration.default(60_000),
  names: Names.prefault({}),
});
export type Lacework = z.infer<typeof Lacework>;
