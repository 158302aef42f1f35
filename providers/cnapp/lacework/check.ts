import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { LaceworkClient } from './client.ts';
import { failure } from './errors.ts';
import { at, textAt } from './fields.ts';
import { readPage } from './paging.ts';
import type { Lacework } from './section.ts';

/** One cheap read: the integrations, of which the inventory is made. Without one that is switched on there is no inventory. */
export async function check(client: LaceworkClient, config: Lacework): Promise<string> {
  const path = 'CloudAccounts';
  const { rows } = await readPage(client, { method: 'GET', path, permission: 'read cloud account integrations' });
  const collecting = rows.filter((row) => textAt(row, 'type')?.endsWith('Cfg') && textAt(row, 'enabled') === '1');
  if (collecting.length === 0)
    throw failure(
      path,
      Kind.Unauthorised,
      'no cloud configuration integration (AwsCfg, AzureCfg, GcpCfg) is visible and switched on; add one, or check subAccount',
    );
  const failing = collecting.filter((row) => at(row, 'state.ok') === false).length;
  const troubled = failing === 0 ? '' : `, ${failing} of them failing`;
  return `${collecting.length} cloud configuration integrations${troubled} at ${new URL(config.apiUrl).host}`;
}
