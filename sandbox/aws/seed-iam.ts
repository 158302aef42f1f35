import { MANAGEMENT_ACCOUNT, SandboxRole, sandboxExternalId } from './identities.ts';
import { rolePolicies } from './roles.ts';
import type { Seeder } from './seed-call.ts';

/** The roles of a member account, so that IAM can be read as on AWS. The endpoint enforces the same documents. */
export async function seedRoles(seeder: Seeder, accountId: string): Promise<void> {
  for (const role of Object.values(SandboxRole)) {
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${MANAGEMENT_ACCOUNT}:root` },
          Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
          ...(role === SandboxRole.Admin
            ? {}
            : { Condition: { StringEquals: { 'sts:ExternalId': sandboxExternalId(accountId) } } }),
        },
      ],
    };
    const born = 0;
    await seeder.call('iam:CreateRole', { RoleName: role, AssumeRolePolicyDocument: JSON.stringify(trust) }, born);
    await seeder.call(
      'iam:PutRolePolicy',
      { RoleName: role, PolicyName: 'permissions', PolicyDocument: JSON.stringify(rolePolicies[role]) },
      born,
    );
  }
}
