import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { Estate } from '../../../sandbox/estate/types.ts';
import type { BillSource } from '../../../sandbox/kit/bill-source.ts';
import type { CloudState, ConfigInput, SandboxPart } from '../../../sandbox/kit/part.ts';
import type { Simulator } from '../../../sandbox/kit/simulator.ts';
import type { After } from './run-suite.ts';

export interface StartedPart {
  readonly simulator: Simulator;
  readonly base: string;
  readonly secrets: SecretsPort;
  /** Every secret of the part, to look for where none may be. */
  secretValues(): readonly string[];
  /** By asset name: what the cloud says now. */
  readonly states: Map<string, CloudState>;
}

const NO_BILL: BillSource = { rows: async () => [], until: () => Date.now() };

/** One part of the embedded estate on a free port, and the configuration that uses it, as `npm start` would write it. */
export async function startPart(
  t: After,
  part: SandboxPart,
  options: { estate: Estate; config: ConfigInput; bill?: BillSource },
): Promise<StartedPart> {
  const folder = await mkdtemp(join(tmpdir(), 'idlewise-part-'));
  let base = 'http://127.0.0.1:1';
  const url = () => base;
  const states = new Map<string, CloudState>();
  // Secrets may name the part's address, which is known once it listens: `npm start` knows its ports beforehand.
  const values = new Map<string, string>();
  const secret = (name: string) => {
    const known = values.get(name) ?? part.secrets?.[name]?.({ url });
    if (known === undefined) throw new Error(`the part has no secret ${name}`);
    values.set(name, known);
    return known;
  };
  const simulator = await part.create({
    estate: options.estate,
    url,
    secret,
    stateFile: join(folder, 'state.json'),
    motoUrl: '',
    chatAppUrl: 'http://127.0.0.1:1',
    stateOf: async (asset) => states.get(asset.name) ?? 'present',
    sizeOf: async () => null,
    bill: options.bill ?? NO_BILL,
  });
  base = await simulator.start();
  t.after(async () => {
    await simulator.stop();
    await rm(folder, { recursive: true, force: true });
  });
  part.configure?.(options.config, { url, ref: (name) => `file:/${name}`, stateDir: folder, chatAppPort: 0 });
  const secrets: SecretsPort = {
    resolve: async (reference) => relocated(secret(reference.slice('file:/'.length)), base),
  };
  return { simulator, base, secrets, secretValues: () => [...values.values()], states };
}

/** A key file that was made before the part listened names the address it did not have yet. */
function relocated(value: string, base: string): string {
  return value.replaceAll('http://127.0.0.1:1/', `${base}/`);
}
