import { CANARIES } from '../canaries.ts';
import { ANA, BEN, CLEO } from '../people.ts';
import { devEu, devUs, prodEu, prodUs } from '../places.ts';
import type { SeededAsset } from '../types.ts';
import { instance } from './base.ts';
import { exposedAdmin, exposedVm, imdsV1, log4shell, personalData, regreSshion, staleVm } from './findings.ts';
import { approves, automatic, ignored, rejects, snoozes } from './scripts.ts';

/** Instances that do no work, each with what a person (or nobody) does about it. */
export function idleInstances(): SeededAsset[] {
  return [
    instance('idle', 'report-idle-1', {
      at: prodUs,
      env: 'staging',
      posture: { findings: [staleVm, imdsV1] },
      demo: approves('stop-instance', [ANA]),
    }),
    instance('idle', 'loadtest-idle-1', {
      at: prodUs,
      env: 'test',
      type: 'c5.2xlarge',
      vm: { extraVolumesGiB: [100] },
      posture: { findings: [staleVm] },
      demo: approves('snapshot-and-terminate-instance', [BEN]),
    }),
    instance('idle', 'wiki-idle-1', {
      at: prodEu,
      env: 'staging',
      type: 't3.large',
      demo: rejects(ANA, 'kept for the audit next week'),
    }),
    instance('idle', 'poc-idle-1', { at: prodEu, env: 'test', demo: ignored }),
    instance('idle', 'seasonal-idle-1', {
      at: prodUs,
      env: 'staging',
      posture: { findings: [imdsV1] },
      demo: snoozes(ANA),
    }),
    ...[1, 2, 3].map((n) =>
      instance('idle', `dev-idle-${n}`, {
        at: devUs,
        env: 'dev',
        type: n === 2 ? 't3.large' : 'm5.large',
        posture: { findings: n === 1 ? [staleVm] : [] },
        demo: automatic,
      }),
    ),
    ...[1, 2].map((n) => instance('idle', `lab-idle-${n}`, { at: devEu, env: 'dev', type: 'm5.xlarge' })),

    instance('idle-exposed-kev', 'edge-kev-1', {
      at: prodUs,
      env: 'staging',
      vm: { publicIp: true },
      posture: {
        internetExposed: true,
        openPorts: ['22', '8080'],
        adminPrivileges: true,
        findings: [log4shell, exposedAdmin],
      },
      demo: approves('stop-instance', [ANA, CLEO]),
    }),
    instance('idle-exposed-kev', 'demo-kev-2', {
      at: prodEu,
      env: 'test',
      vm: { publicIp: true },
      posture: { internetExposed: true, openPorts: ['8080'], findings: [log4shell, exposedVm, staleVm] },
      demo: approves('stop-instance', [CLEO, ANA]),
    }),
    instance('idle-production', 'checkout-old', {
      at: prodUs,
      env: 'prod',
      type: 'm5.xlarge',
      cmdb: { criticality: 3, maintenanceWindow: null },
      posture: { findings: [staleVm] },
      demo: approves('stop-instance', [ANA, BEN]),
    }),
    instance('idle-personal-data', 'survey-store', {
      at: prodEu,
      env: 'staging',
      type: 'r5.large',
      posture: { sensitiveData: true, findings: [personalData, staleVm] },
      demo: approves('stop-instance', [ANA, CLEO]),
    }),
    instance('idle-oversized', 'render-big-idle', {
      at: prodUs,
      env: 'staging',
      type: 'm5.2xlarge',
      demo: approves('resize-instance', [ANA]),
    }),
    instance('idle-reserved', 'reserved-idle', {
      at: prodUs,
      env: 'staging',
      commitment: { type: 'reservation', coverage: 1 },
      demo: { ...rejects(BEN, 'paid for until the reservation ends'), mayBeAbsent: true },
    }),
    // Stopped, and still paying for their disks.
    instance('stopped-long', 'parked-1', {
      at: prodUs,
      env: 'staging',
      vm: { stopped: true, extraVolumesGiB: [200] },
      dailyCost: null,
      demo: { ...rejects(BEN, 'spare part for the old data centre'), mayBeAbsent: true },
    }),
    instance('stopped-long', 'parked-2', {
      at: prodEu,
      env: 'test',
      vm: { stopped: true },
      dailyCost: null,
      demo: { ...ignored, mayBeAbsent: true },
    }),
    instance('idle', CANARIES.assetName, {
      at: prodUs,
      env: 'staging',
      owner: CANARIES.ownerEmail,
      tags: { 'cost-centre': CANARIES.costCentre },
      dailyCost: CANARIES.dailyAmount,
      createdBy: CANARIES.iamPrincipal,
      cmdb: { supportGroup: CANARIES.supportGroup, dependents: [CANARIES.dependent] },
      posture: {
        internetExposed: true,
        openPorts: ['22'],
        findings: [regreSshion, { kind: 'toxic-combination', title: CANARIES.findingTitle, severity: 'HIGH' }],
      },
      demo: approves('stop-instance', [ANA, BEN]),
    }),
  ];
}
