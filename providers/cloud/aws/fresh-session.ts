import type { AwsClients, RegionalClients } from './clients.ts';
import { awsErrorCode } from './errors.ts';

const ENDED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'InvalidClientTokenId']);

/** Runs a read under the cached session, and once more under a new one when the session turns out to have ended early. */
export async function withFreshSession<T>(
  clients: AwsClients,
  place: { accountId: string; region: string },
  read: (session: RegionalClients) => Promise<T>,
): Promise<T> {
  try {
    return await read(clients.clientsFor(place));
  } catch (error) {
    if (!ENDED.has(awsErrorCode(error) ?? '')) throw error;
    clients.forget(place.accountId);
    return read(clients.clientsFor(place));
  }
}
