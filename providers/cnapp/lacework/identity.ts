import type { CloudProvider } from '../../../schemas/resource-type.ts';
import { at, type Document, documentOf, listAt, textAt } from './fields.ts';
import type { ConfigurationRow } from './query.ts';

const ADMINISTRATOR = /:policy\/AdministratorAccess$/;

export interface Identity {
  /** Null: not known. */
  readonly roles: string[] | null;
  readonly admin: boolean | null;
}

/** The instance profile of an AWS machine, null when it has none. */
export function profileOf(configuration: Document): string | null {
  return textAt(configuration, 'IamInstanceProfile.Arn');
}

/** What a machine acts as, by its configuration and (on AWS) the roles behind its instance profile. */
export function identityOf(
  cloud: CloudProvider,
  configuration: Document,
  roles: readonly ConfigurationRow[] | null,
): Identity {
  switch (cloud) {
    case 'aws':
      return awsIdentity(configuration, roles);
    case 'azure': {
      const assigned = Object.keys(documentOf(at(configuration, 'identity.userAssignedIdentities')) ?? {});
      const own = textAt(configuration, 'identity.principalId');
      return named([...(own === null ? [] : [own]), ...assigned.map((id) => id.toLowerCase())]);
    }
    case 'gcp':
      return named(listAt(configuration, 'serviceAccounts').flatMap((account) => textAt(account, 'email') ?? []));
  }
}

/** A role is found by the profiles it lists, else by its name, which consoles and tools give both; else the profile stands in. */
function awsIdentity(configuration: Document, roles: readonly ConfigurationRow[] | null): Identity {
  const profile = profileOf(configuration);
  // A machine's description leaves the profile out when it has none, and then it acts as nobody.
  if (profile === null) return textAt(configuration, 'InstanceId') === null ? UNKNOWN : { roles: [], admin: false };
  const name = profile.split('/').at(-1) ?? '';
  const behind = (roles ?? []).filter(
    (role) =>
      listAt(role.configuration, 'InstanceProfileList').some((p) => textAt(p, 'Arn') === profile) ||
      textAt(role.configuration, 'RoleName') === name,
  );
  if (behind.length === 0) return named([profile]);
  const policies = behind.flatMap((role) => listAt(role.configuration, 'AttachedManagedPolicies'));
  const admin = policies.some((policy) => ADMINISTRATOR.test(textAt(policy, 'PolicyArn') ?? ''));
  return { roles: behind.map((role) => role.arn ?? role.resourceId), admin: admin ? true : null };
}

const UNKNOWN: Identity = { roles: null, admin: null };

/** Who it is, without what that may do. */
function named(roles: string[]): Identity {
  return roles.length === 0 ? UNKNOWN : { roles, admin: null };
}
