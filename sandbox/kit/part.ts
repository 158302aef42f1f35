import type { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import type { CloudProvider } from '../../schemas/resource-type.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import type { BillSource } from './bill-source.ts';
import type { Simulator } from './simulator.ts';

/** What a cloud says of an asset when it is looked at. */
export type CloudState = 'present' | 'stopped' | 'gone';
export type ConfigInput = z.input<typeof Config>;

/** What a simulator is made from, in the estate's process. Other parts are reached by URL, as vendors reach each other. */
export interface PartContext {
  readonly estate: Estate;
  /** Base URL of any part, started or not. */
  url(part: string): string;
  secret(name: string): string;
  /** Where this part keeps what must survive a restart. */
  readonly stateFile: string;
  readonly motoUrl: string;
  /** Where the chat app listens. */
  readonly chatAppUrl: string;
  /** What a scanner that looks at the cloud right now would find of an asset. */
  stateOf(asset: SeededAsset): Promise<CloudState>;
  /** Its size right now, e.g. an instance type; null where it has none. */
  sizeOf(asset: SeededAsset): Promise<string | null>;
  /** The bills of all clouds of the estate. */
  readonly bill: BillSource;
}

/** What a cloud tells the other parts. */
export interface CloudOfEstate {
  readonly provider: CloudProvider;
  stateOf(asset: SeededAsset): Promise<CloudState>;
  sizeOf(asset: SeededAsset): Promise<string | null>;
  readonly bill: BillSource;
}

export interface ConfigureContext {
  url(part: string): string;
  /** The reference of a secret, for the configuration. */
  ref(secret: string): string;
  readonly stateDir: string;
  /** Port of the chat app. */
  readonly chatAppPort: number;
}

/**
 * One system of the embedded estate: a simulator with a port, the secrets it shares with the configuration, and what the
 * configuration says to use it. Clouds come first in the list of parts, because the others tell what they hold.
 */
export interface SandboxPart {
  readonly port: number;
  /** Name → how it is made, once; it is kept beside the state and named in the configuration by file. */
  readonly secrets?: Readonly<Record<string, (at: { url(part: string): string }) => string>>;
  create(
    context: PartContext,
  ): Promise<Simulator & { readonly cloud?: CloudOfEstate }> | (Simulator & { readonly cloud?: CloudOfEstate });
  /** Writes what the configuration needs to use this part. */
  configure?(config: ConfigInput, at: ConfigureContext): void;
}
