import type { CostVantage } from './section.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { PROVIDER, type VantageClient } from './client.ts';
import { Me } from './wire.ts';

/** One read that costs nothing. @throws ProviderError naming the scope or setting that is missing */
export async function checkVantage(client: VantageClient, config: CostVantage, currency: string): Promise<string> {
  const { workspaces, bearer_token: token } = await client.get({ operation: 'getMe', path: '/me', shape: Me });
  const wrong = (kind: ProviderErrorKind, message: string) =>
    new ProviderError({ kind, provider: PROVIDER, operation: 'check', message });
  if (token?.scope && !token.scope.includes('read'))
    throw wrong(
      ProviderErrorKind.Unauthorised,
      `the token of cost.vantage.apiToken has the scope ${token.scope.join(', ') || '(none)'}; give it read`,
    );
  const names = workspaces.map((w) => `${w.token} (${w.name.slice(0, 40)})`).join(', ') || 'none';
  const chosen =
    config.workspaceToken === undefined ? workspaces : workspaces.filter((w) => w.token === config.workspaceToken);
  const [workspace] = chosen;
  if (workspace === undefined || chosen.length > 1)
    throw wrong(
      ProviderErrorKind.Terminal,
      `cost.vantage.workspaceToken is ${config.workspaceToken ?? 'not set'} and the token reaches ${names}; name one of them`,
    );
  if (workspace.enable_currency_conversion && workspace.currency && workspace.currency !== currency)
    throw wrong(
      ProviderErrorKind.Terminal,
      `the workspace converts to ${workspace.currency} but cost.currency is ${currency}; make them the same`,
    );
  return `Vantage answers for workspace ${workspace.name.slice(0, 60)}`;
}
