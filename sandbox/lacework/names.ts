import { kindOf, providerOf } from '../estate/kinds.ts';
import { arnOf } from '../estate/ids.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import type { Row } from './types.ts';

export const CSP = { aws: 'AWS', azure: 'Azure', gcp: 'GCP' } as const;
export const cloudOf = (asset: SeededAsset) => providerOf(asset.resourceType);
export const cspOf = (asset: SeededAsset): string => CSP[cloudOf(asset)];
export const iso = (epochMs: number): string => new Date(epochMs).toISOString();

const AWS_TYPE: Readonly<Record<string, string>> = {
  instance: 'ec2:instance',
  volume: 'ec2:volume',
  address: 'ec2:address',
  'load-balancer': 'elbv2:loadbalancer',
  database: 'rds:db',
};

/** `service:kind` on AWS, the type in lower case on Azure, the asset type on Google Cloud. */
export function typeOf(asset: SeededAsset): string {
  switch (cloudOf(asset)) {
    case 'aws': {
      const [, service = '', kind = ''] = asset.resourceType.split('::');
      return AWS_TYPE[kindOf(asset.resourceType)] ?? `${service}:${kind}`.toLowerCase();
    }
    case 'azure':
      return asset.resourceType.toLowerCase();
    case 'gcp':
      return asset.resourceType;
  }
}

/** The URN: the ARN, the full resource name, or an Azure id in the spelling people gave it. Addresses have a kind of their own. */
export function urnOf(asset: SeededAsset): string {
  const key = asset.assetKey || arnOf(asset);
  if (asset.resourceType === 'AWS::EC2::EIP') return key.replace(':elastic-ip/', ':address/');
  if (cloudOf(asset) !== 'azure') return key;
  return key
    .replace('/resourcegroups/', '/resourceGroups/')
    .replace(`/${asset.resourceType.toLowerCase()}/`, `/${asset.resourceType}/`);
}

export function resourceIdOf(asset: SeededAsset): string {
  return cloudOf(asset) === 'aws' ? asset.resourceId : asset.name;
}

const AZURE_REGION: Readonly<Record<string, string>> = { westeurope: 'West Europe', northeurope: 'North Europe' };

/** Regions are written as each cloud shows them: Azure's for people, Google Cloud's with the zone. */
export function regionOf(asset: SeededAsset): string {
  if (cloudOf(asset) === 'azure') return AZURE_REGION[asset.region] ?? asset.region;
  return /\/zones\/([^/]+)\//.exec(asset.assetKey)?.[1] ?? asset.region;
}

export function cloudDetails(asset: SeededAsset, accountName: string): Row {
  switch (cloudOf(asset)) {
    case 'aws':
      return { accountID: asset.accountId, accountAlias: accountName };
    case 'azure':
      return { subscriptionId: asset.accountId, subscriptionName: accountName };
    case 'gcp':
      return { projectId: asset.accountId, projectName: accountName };
  }
}

/** How agents name a machine: the instance id, the VM's UUID, or a long number. */
export function machineIdOf(seed: number, asset: SeededAsset): string {
  const hex = hexOf(keyOf(seed, `machine/${asset.name}`), 32);
  switch (cloudOf(asset)) {
    case 'aws':
      return asset.resourceId;
    case 'azure':
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    case 'gcp':
      return String(4_000_000_000_000_000_000n + BigInt(`0x${hex.slice(0, 12)}`));
  }
}

/** The vendor's own number of a machine. */
export function midOf(seed: number, asset: SeededAsset): number {
  return 1 + (keyOf(seed, `mid/${asset.name}`) % 9_000_000);
}
