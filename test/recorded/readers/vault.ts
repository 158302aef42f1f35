import { createVaultSession } from '../../../providers/secrets/vault/session.ts';
import { at } from '../../../providers/rows.ts';
import type { VendorReaders } from '../reader.ts';

/** Logins of other methods answer as AppRole does; whatever else Vault answers must not pass for a login. */
export const vault: VendorReaders = {
  vendor: 'vault',
  readers: [
    {
      endpoint: /^Vault API/,
      // A login of Vault says both; one that somebody wrote for a test lacks the second, and is refused as a whole.
      rows: (body) => {
        const auth = at(body, ['auth']);
        return typeof at(auth, ['client_token']) === 'string' && typeof at(auth, ['renewable']) === 'boolean'
          ? 1
          : null;
      },
      async read(body) {
        const answer = { status: 200, body, headers: new Headers() };
        const credentials = async () => ({ roleId: 'recorded', secretId: 'recorded' });
        const session = createVaultSession({ send: async () => answer, mount: 'approle', credentials });
        try {
          await session.send({ operation: 'recorded', method: 'GET', path: 'recorded' });
          return { read: session.generation(), rejected: [] };
        } finally {
          await session.close();
        }
      },
    },
  ],
  unread: [],
};
