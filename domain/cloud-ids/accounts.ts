import type { CloudProvider } from '../../schemas/resource-type.ts';
import { type Reading, read, refuse } from './reading.ts';

const AWS = /^\d{12}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A project id; `example.com:my-project` is one of a domain (legacy, still in use). */
const PROJECT = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

const SHAPE: Readonly<Record<CloudProvider, RegExp>> = { aws: AWS, azure: UUID, gcp: PROJECT };
const IS: Readonly<Record<CloudProvider, string>> = {
  aws: 'a 12-digit AWS account id',
  azure: 'an Azure subscription id (UUID in lower case)',
  gcp: 'a Google Cloud project id',
};
const CLOUDS = Object.keys(SHAPE) as readonly CloudProvider[];

/** What `accountId` must look like for this cloud, or null when it has the one spelling that is used inside. */
export function accountProblem(provider: CloudProvider, accountId: string): string | null {
  return SHAPE[provider].test(accountId) ? null : `must be ${IS[provider]}`;
}

/** Whose account this is, by the way it is written; null when it is no account of these clouds in any spelling. */
export function cloudOfAccount(text: string): CloudProvider | null {
  return CLOUDS.find((cloud) => accountOf(cloud, text).ok) ?? null;
}

/**
 * The account a bill, a CNAPP or a person means, in its one spelling: 12 digits, a subscription UUID in lower case, a project
 * id. Reads `1111-2222-3333`, ARNs, `/subscriptions/<UUID>` and whole resource ids in any case, `projects/<id>` and full names.
 */
export function accountOf(provider: CloudProvider, text: string): Reading<string> {
  const trimmed = text.trim();
  const bare = BARE[provider](trimmed);
  if (SHAPE[provider].test(bare)) return read(bare);
  if (provider === 'aws' && /^\d{1,11}$/.test(bare))
    return refuse(trimmed, 'an AWS account id has 12 digits; a spreadsheet takes leading zeros away');
  if (provider === 'gcp' && /^\d+$/.test(bare)) return refuse(trimmed, 'is a project number; the project id is needed');
  return refuse(trimmed, `must be ${IS[provider]}`);
}

const BARE: Readonly<Record<CloudProvider, (text: string) => string>> = {
  aws: (text) => {
    if (/^\d{4}-\d{4}-\d{4}$/.test(text)) return text.replaceAll('-', '');
    // An organisation's ARN of an account names the management account first: `arn:aws:organizations::<payer>:account/o-…/<account>`.
    const member = /^arn:[^:]+:organizations::\d{12}:account\/o-[a-z0-9]+\/(\d{12})$/i.exec(text)?.[1];
    return member ?? /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/i.exec(text)?.[1] ?? text;
  },
  azure: (text) => {
    const folded = text.toLowerCase().replace(/^\{(.*)\}$/, '$1');
    return /^(?:https:\/\/[^/]+)?\/?subscriptions\/([^/]+)(?:\/.*)?$/.exec(folded)?.[1] ?? folded;
  },
  gcp: (text) =>
    /^(?:(?:https:)?\/\/[a-z0-9.-]+\/(?:[a-z0-9]+\/)*)?projects\/([^/]+)(?:\/.*)?$/.exec(text)?.[1] ?? text,
};
