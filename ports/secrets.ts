/** Base credentials of one AWS identity, leased from a secret store for a short time. Lives in memory only. */
export interface AwsLease {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Absent for keys of an IAM user. */
  readonly sessionToken?: string;
  readonly renewable: boolean;
  /** When the store ends the lease unless it is renewed. */
  expiresAt(): Date;
  /** False when the store has ended it, or will end it early because the login it was made under was replaced. */
  live(): boolean;
  /** @throws ProviderError when the store does not prolong it */
  renew(): Promise<void>;
  /** Ends the lease; again is harmless. Never throws: what could not be ended is tried again when the process stops. */
  revoke(): Promise<void>;
}

export interface AwsLeaseRequest {
  /** Role of the store's AWS engine. */
  readonly role: string;
  /** Where the engine is mounted. @default 'aws' */
  readonly mount?: string | undefined;
}

/** Resolves a secret reference such as `env:WIZ_CLIENT_SECRET`, `file:/run/secrets/wiz` or `vault:secret/wiz#clientSecret`. */
export interface SecretsPort {
  /** @throws Error (ProviderError from a vendor) naming the reference, where it was looked for, and the fix. Never the value. */
  resolve(reference: string): Promise<string>;
  /** Absent where there is no store that leases. @throws ProviderError */
  awsLease?(request: AwsLeaseRequest): Promise<AwsLease>;
}

/** What a process holds: the port, and the end of it. */
export interface Secrets extends SecretsPort {
  awsLease(request: AwsLeaseRequest): Promise<AwsLease>;
  /** One cheap read per configured store, as sentences; empty when none is configured. @throws ProviderError */
  check(): Promise<readonly string[]>;
  /** Forgets every value, ends every lease and the login itself. Never throws. */
  close(): Promise<void>;
}
