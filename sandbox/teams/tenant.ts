/** Application id of the bot and Entra tenant of the sandbox. */
export const SANDBOX_APP_ID = '1d1e0000-0000-4000-8000-00000000b007';
export const SANDBOX_TENANT_ID = 'acce0000-0000-4000-8000-00000000acce';
/** Who signs what the service sends, as in the public cloud. */
export const SERVICE_ISSUER = 'https://api.botframework.com';
export const BOT_SCOPE = 'https://api.botframework.com/.default';

export interface Tenant {
  readonly appId: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly appName: string;
  /** Ends in `/teams/`, once started. */
  serviceUrl(): string;
}
