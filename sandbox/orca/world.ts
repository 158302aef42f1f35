import type { Estate, SeededAsset } from '../estate/types.ts';
import { alertThing, type StoredAlert, storedAlerts } from './alerts.ts';
import { assetUniqueId } from './ids.ts';
import { assetThing, type Thing } from './inventory.ts';
import { malformedThings } from './malformed.ts';
import { MODELS } from './models.ts';
import { Refused } from './query.ts';
import type { Observation, OrcaState } from './state.ts';
import type { OrcaSimulatorOptions } from './types.ts';
import { imageThings, vulnerabilityThings } from './vulnerabilities.ts';

export interface World {
  readonly estate: Estate;
  readonly byUniqueId: (id: string) => SeededAsset | undefined;
  /** In force now, or undefined while the asset runs or the re-evaluation is still to come. */
  readonly seenOf: (asset: SeededAsset) => Observation | undefined;
  readonly lastSeenOf: (asset: SeededAsset) => number;
  readonly thingOf: (asset: SeededAsset) => Thing;
  readonly alerts: () => readonly StoredAlert[];
  /** The objects of one model. Throws `Refused` for a name the tenant does not have. */
  readonly things: (model: string) => readonly Thing[];
  readonly keysOf: (model: string) => ReadonlySet<string>;
}

const INVENTORY_KEYS = [
  'AssetUniqueId, Name, Type, UiUniqueField, Arn, InstanceId, State, Region, CreationTime, FirstSeen, LastSeen',
  'Tags, OrcaScore, Exposure, IsInternetFacing, IngressPorts, SensitiveData, Observations, NewCategory',
  'InstanceType, VolumeSize, VolumeType, Engine, InstanceClass',
];
const ALERT_KEYS = [
  'AlertId, AlertType, Title, Category, RiskLevel, Status, Labels, CveIds, CreatedAt, LastSeen, LastUpdated',
];

const words = (lines: readonly string[]): string[] => lines.flatMap((line) => line.split(', '));

/** The estate as this tenant of the vendor sees it. */
export function createWorld(options: OrcaSimulatorOptions, state: OrcaState, clock: () => number): World {
  const { estate } = options;
  const names = {
    accountKey: 'CloudVendorId',
    exploitKey: 'HasExploit',
    kevKey: 'CisaKev',
    imageModel: 'ContainerImage',
    imageDigestKey: 'ImageDigest',
    alertRelation: 'Inventory',
    ...options.names,
  };
  const { accountKey } = names;
  const assets = new Map(estate.assets.map((asset) => [assetUniqueId(estate, asset), asset]));
  const models = new Set([...Object.values(MODELS), 'Inventory', 'Alert', 'VulnerabilityV2', names.imageModel]);
  for (const model of options.unknownModels ?? []) models.delete(model);

  const seenOf = (asset: SeededAsset) => {
    const seen = state.observations[assetUniqueId(estate, asset)];
    return seen && seen.from <= clock() ? seen : undefined;
  };
  const lastSeenOf = (asset: SeededAsset) => {
    const id = assetUniqueId(estate, asset);
    const looked = state.observations[id];
    if (looked?.state === 'gone') return looked.lookedAt;
    return state.discovered[id] ?? (estate.seededAt - 7200) * 1000;
  };
  const thingOf = (asset: SeededAsset) => assetThing({ estate, accountKey, seenOf, lastSeenOf }, asset);
  const alerts = () => storedAlerts(estate, seenOf);
  const images = (options.images ?? []).map((image) => imageThings(estate, image, names));
  const here = () => estate.assets.filter((asset) => seenOf(asset)?.state !== 'gone');

  const things = (model: string): readonly Thing[] => {
    if (!models.has(model)) throw new Refused(`Unknown model '${model}'`);
    switch (model) {
      case 'Alert':
        return alerts().map((alert) =>
          alertThing(alert, thingOf(alert.asset), { estate, relation: names.alertRelation }),
        );
      case 'VulnerabilityV2':
        return [
          ...here().flatMap((asset) => vulnerabilityThings(estate, asset, thingOf(asset), names)),
          ...images.flatMap((image) => image.vulnerabilities),
        ];
      case names.imageModel:
        return images.map((image) => image.image);
      default: {
        const rows = [
          ...here().map(thingOf),
          ...(options.malformedRows === false ? [] : malformedThings(estate, accountKey, clock())),
        ];
        return model === 'Inventory' ? rows : rows.filter((row) => row.type === model);
      }
    }
  };

  const keysOf = (model: string): ReadonlySet<string> => {
    const keys = new Set(
      model === 'CloudAccount'
        ? ['Name', 'CloudProvider', accountKey]
        : model === 'Alert'
          ? [...words(ALERT_KEYS), names.alertRelation]
          : model === 'VulnerabilityV2'
            ? ['CveId', 'Name', 'CvssSeverity', 'FirstSeen', 'LastSeen', names.exploitKey, names.kevKey]
            : [...words(INVENTORY_KEYS), ...(model === names.imageModel ? [names.imageDigestKey] : [])],
    );
    for (const key of options.unknownKeys ?? []) keys.delete(key);
    return keys;
  };

  return { estate, byUniqueId: (id) => assets.get(id), seenOf, lastSeenOf, thingOf, alerts, things, keysOf };
}
