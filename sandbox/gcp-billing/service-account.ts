import { generateKeyPairSync } from 'node:crypto';

/** The key file of a service account, as the console hands it out. */
export interface ServiceAccountKey {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly token_uri: string;
}

/** A new service account with a key of its own; `tokenUri` is where its tokens come from. */
export function createServiceAccount(options: {
  readonly projectId: string;
  readonly name: string;
  readonly tokenUri: string;
}): ServiceAccountKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    type: 'service_account',
    project_id: options.projectId,
    private_key_id: 'f'.repeat(40),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: `${options.name}@${options.projectId}.iam.gserviceaccount.com`,
    token_uri: options.tokenUri,
  };
}
