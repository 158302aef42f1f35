import { ANA, BEN } from '../people.ts';
import { devEu, devUs, type Place, prodEu, prodUs } from '../places.ts';
import type { SeededAsset } from '../types.ts';
import { instance, type Spec } from './base.ts';
import { beacon, exposedVm, imdsV1, regreSshion } from './findings.ts';
import { approves, rejects } from './scripts.ts';

const prod = { env: 'prod', cmdb: { criticality: 1 as const } };
const TYPES = ['m5.large', 'c5.large', 'r5.large', 'm5.xlarge', 't3.large', 'c5.2xlarge'] as const;

function steady(name: string, at: Place, spec: Omit<Spec, 'at'> & { type?: string }): SeededAsset {
  return instance('steady-load', name, { at, ...spec });
}

/** Assets that earn their keep: none of them may ever be called idle. The last three could do so on less. */
export function activeInstances(): SeededAsset[] {
  return [
    ...[1, 2, 3, 4, 5, 6].map((n) =>
      steady(`web-${n}`, n % 2 ? prodUs : prodEu, {
        ...prod,
        type: TYPES[n % TYPES.length] as string,
        posture: {
          internetExposed: true,
          openPorts: ['443'],
          findings: n === 3 ? [regreSshion, exposedVm] : n === 5 ? [beacon] : [],
        },
      }),
    ),
    ...[1, 2, 3, 4].map((n) =>
      steady(`api-${n}`, n % 2 ? prodUs : prodEu, {
        ...prod,
        type: 'c5.large',
        cmdb: { criticality: 1, dependents: ['checkout', 'mobile-app'] },
      }),
    ),
    ...[1, 2, 3].map((n) => steady(`worker-${n}`, prodUs, { env: 'staging', posture: { findings: [imdsV1] } })),
    ...[1, 2].map((n) => steady(`devbox-${n}`, devUs, { env: 'dev', type: 't3.large' })),
    ...[1, 2].map((n) => steady(`ci-runner-${n}`, devEu, { env: 'test', type: 'c5.2xlarge' })),
    // The owner tag is spelled another way and the environment is nowhere stated: unknown counts as production.
    steady('legacy-gateway', prodEu, { env: 'unknown', owner: null, tags: { contact: 'netops@acme.example' } }),

    instance('spiky-load', 'nightly-etl-1', { at: prodUs, env: 'prod', type: 'r5.xlarge' }),
    instance('spiky-load', 'nightly-etl-2', { at: prodEu, env: 'prod', type: 'r5.large' }),
    instance('spiky-load', 'backup-runner', { at: prodUs, env: 'staging' }),
    instance('spiky-load', 'report-mailer', { at: devUs, env: 'dev', type: 't3.medium' }),
    instance('spiky-load', 'price-feed', { at: devEu, env: 'test', type: 'c5.large' }),
    instance('spiky-load', 'weekly-spike', { at: prodUs, env: 'prod', tags: { cadence: 'weekly' } }),

    instance('weekly-load', 'payroll-weekly', { at: prodUs, env: 'prod', type: 'm5.xlarge' }),
    instance('weekly-load', 'scan-weekly', { at: devUs, env: 'dev' }),
    instance('weekly-load', 'ledger-weekly', { at: prodEu, env: 'staging' }),

    instance('month-end-load', 'close-books', { at: prodUs, env: 'prod', type: 'r5.xlarge' }),
    instance('month-end-load', 'invoice-run', { at: devUs, env: 'dev', type: 'm5.xlarge' }),

    instance('over-provisioned', 'search-big', {
      at: prodUs,
      env: 'staging',
      type: 'm5.2xlarge',
      vm: {
        encryptedWith: `arn:aws:kms:${prodUs.region}:${prodUs.accountId}:key/1c3a0f5e-7d5b-4f7e-9a55-2f6f0f1d9b10`,
      },
      demo: { ...approves('resize-instance', [BEN, ANA]), mayBeAbsent: true },
    }),
    instance('over-provisioned', 'cache-big', {
      at: prodEu,
      env: 'prod',
      type: 'c5.4xlarge',
      demo: { ...rejects(ANA, 'sized for the sale in spring'), mayBeAbsent: true },
    }),
    instance('over-provisioned', 'build-big', {
      at: devEu,
      env: 'test',
      type: 'm5.2xlarge',
      demo: { steps: [], expected: 'observed', mayBeAbsent: true },
    }),
  ];
}
