/** Resolves a secret reference such as `env:WIZ_CLIENT_SECRET` or `file:/run/secrets/wiz`. */
export interface SecretsPort {
  /** @throws Error naming the reference, where it was looked for, and the fix. Never the value. */
  resolve(reference: string): Promise<string>;
}
