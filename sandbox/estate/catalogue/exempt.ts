import { devEu, devUs, prodEu, prodUs } from '../places.ts';
import type { SeededAsset } from '../types.ts';
import { instance, volume } from './base.ts';
import { staleVm } from './findings.ts';

/** Assets that look idle, or cannot be judged, and must be left alone. */
export function exemptAssets(): SeededAsset[] {
  return [
    // One says so in a tag, the other only in the CMDB.
    instance('warm-dr-standby', 'orders-db-b', { at: prodEu, env: 'prod', tags: { 'dr-standby': 'true' } }),
    instance('warm-dr-standby', 'billing-db-b', {
      at: prodUs,
      env: 'staging',
      cmdb: { criticality: 1, disasterRecoveryRole: 'warm standby' },
    }),

    instance('no-metrics', 'agentless-1', { at: prodUs, env: 'staging' }),
    instance('no-metrics', 'agentless-2', { at: devEu, env: 'dev', dailyCost: null }),
    instance('half-metrics', 'flaky-agent-1', { at: prodEu, env: 'test' }),
    instance('half-metrics', 'flaky-agent-2', { at: devUs, env: 'dev', type: 't3.large' }),

    instance('new', 'fresh-1', { at: prodUs, env: 'staging', ageDays: 3 }),
    instance('new', 'fresh-2', { at: devUs, env: 'dev', ageDays: 3, type: 't3.medium' }),
    instance('new', 'fresh-3', { at: devEu, env: 'dev', ageDays: 3 }),

    instance('excluded-by-tag', 'keep-license', { at: prodUs, env: 'staging', tags: { 'license-bound': 'sap' } }),
    instance('excluded-by-tag', 'keep-legal', { at: prodEu, env: 'test', tags: { 'legal-hold': 'case-2291' } }),
    instance('excluded-by-tag', 'keep-hands-off', { at: devUs, env: 'dev', tags: { 'do-not-touch': 'true' } }),
    instance('excluded-by-tag', 'keep-demo', { at: devEu, env: 'dev', tags: { 'do-not-touch': 'until-fair' } }),

    ...[1, 2].map((n) =>
      instance('auto-scaling-member', `asg-web-${n}`, { at: prodUs, env: 'prod', vm: { scalingGroup: 'asg-web' } }),
    ),
    ...[1, 2].map((n) =>
      instance('auto-scaling-member', `asg-batch-${n}`, {
        at: devUs,
        env: 'dev',
        vm: { scalingGroup: 'asg-batch' },
        posture: { findings: [staleVm] },
      }),
    ),

    volume('new-volume', 'scratch-new-1', { at: prodUs, env: 'staging', ageDays: 2 }),
    volume('new-volume', 'scratch-new-2', { at: devUs, env: 'dev', ageDays: 4 }),
  ];
}
