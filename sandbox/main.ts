import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { providerOf } from './estate/kinds.ts';
import { readSavedEstate } from './aws/index.ts';
import { buildEstate } from './estate/build.ts';
import { buildScaleEstate } from './estate/scale.ts';
import type { SeededAsset } from './estate/types.ts';
import { type BillSource, joinBills } from './kit/bill-source.ts';
import type { CloudOfEstate, SandboxPart } from './kit/part.ts';
import type { Simulator } from './kit/simulator.ts';
import { rememberedOrigin } from './origin.ts';
import { PART_NAMES, PARTS, partUrls } from './parts.ts';
import { SandboxSettings } from './settings.ts';

/** `node sandbox/main.ts settings.json`: the whole estate in one process, so that all vendors see the same clouds. */
const settings = SandboxSettings.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const urls = partUrls(settings.ports);
const { scale, clouds } = settings;

const saved = readSavedEstate(join(settings.stateDir, 'aws.jsonl'));
const origin = await rememberedOrigin(join(settings.stateDir, 'origin.json'), {
  seed: saved?.seed ?? settings.seed,
  now: saved?.seededAt ?? Math.floor(Date.now() / 1000),
});
const estate = scale
  ? buildScaleEstate(scale.instances, { ...origin, idleShare: scale.idleShare, syntheticIds: false })
  : buildEstate({ ...origin, clouds, canaries: settings.canaries, ...(settings.assets && { only: settings.assets }) });

const running: Simulator[] = [];
const made = new Map<string, CloudOfEstate>();
const cloudOf = (asset: SeededAsset): CloudOfEstate => {
  const found = made.get(providerOf(asset.resourceType));
  if (!found) throw new Error(`${asset.name} is in a cloud this estate does not have`);
  return found;
};
/** Read when it is asked for: a platform may be made before the last cloud. */
const bill: BillSource = {
  rows: (query) => joinBills([...made.values()].map((c) => c.bill)).rows(query),
  until: () => joinBills([...made.values()].map((c) => c.bill)).until(),
};

for (const name of PART_NAMES.filter((part) => settings.parts.includes(part))) {
  const part: SandboxPart = PARTS[name];
  const simulator = await part.create({
    estate,
    url: (other) => urls[other as keyof typeof urls],
    secret(secret) {
      const value = settings.secrets[secret];
      if (value === undefined) throw new Error(`the sandbox has no secret ${secret}; name it in the part's secrets`);
      return value;
    },
    stateFile: join(settings.stateDir, name === 'aws' ? 'aws.jsonl' : `${name}.json`),
    motoUrl: settings.motoUrl,
    chatAppUrl: settings.chatAppUrl,
    stateOf: (asset) => cloudOf(asset).stateOf(asset),
    sizeOf: (asset) => cloudOf(asset).sizeOf(asset),
    bill,
  });
  if (simulator.cloud) made.set(simulator.cloud.provider, simulator.cloud);
  await simulator.start(settings.ports[name]);
  running.push(simulator);
}

process.stdout.write('ready estate\n');

const stop = async () => {
  await Promise.all(running.map((s) => s.stop()));
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
