import { ANA, BEN } from '../people.ts';
import { devEu, devUs, prodEu, prodUs } from '../places.ts';
import type { SeededAsset } from '../types.ts';
import { address, loadBalancer, volume } from './base.ts';
import { plainHttp, unencrypted } from './findings.ts';
import { approves, ignored, rejects } from './scripts.ts';

function volumes(): SeededAsset[] {
  const low = { posture: { findings: [unencrypted] } };
  return [
    ...[1, 3, 5].map((n) =>
      volume('attached-volume', `web-${n}-data`, { at: prodUs, env: 'prod', attachedTo: `web-${n}` }),
    ),
    volume('attached-volume', 'api-2-data', { at: prodEu, env: 'prod', attachedTo: 'api-2', sizeGiB: 500 }),
    volume('attached-volume', 'devbox-1-data', { at: devUs, env: 'dev', attachedTo: 'devbox-1', type: 'gp2' }),
    volume('attached-volume', 'ci-cache', { at: devEu, env: 'test', attachedTo: 'ci-runner-1' }),

    volume('unattached-volume', 'old-db-data', {
      at: prodUs,
      env: 'staging',
      sizeGiB: 500,
      ...low,
      demo: approves('snapshot-and-delete-volume', [ANA, BEN]),
    }),
    volume('unattached-volume', 'migration-tmp', {
      at: prodEu,
      env: 'test',
      type: 'gp2',
      demo: rejects(BEN, 'needed once more for the migration'),
    }),
    volume('unattached-volume', 'restore-test', { at: prodUs, env: 'test', sizeGiB: 80, demo: ignored }),
    // Destroying is never automatic, even where automation is allowed.
    volume('unattached-volume', 'dev-scratch', {
      at: devUs,
      env: 'dev',
      demo: approves('snapshot-and-delete-volume', [BEN, ANA]),
    }),
    volume('unattached-volume', 'lab-scratch', { at: devEu, env: 'dev', ...low }),
  ];
}

function addresses(): SeededAsset[] {
  return [
    address('associated-address', 'web-1-ip', { at: prodUs, env: 'prod', attachedTo: 'web-1' }),
    address('associated-address', 'web-2-ip', { at: prodEu, env: 'prod', attachedTo: 'web-2' }),
    address('associated-address', 'devbox-2-ip', { at: devUs, env: 'dev', attachedTo: 'devbox-2' }),
    address('unassociated-address', 'old-vpn-ip', {
      at: prodUs,
      env: 'staging',
      demo: approves('release-address', [ANA, BEN]),
    }),
    address('unassociated-address', 'dev-test-ip', {
      at: devUs,
      env: 'dev',
      demo: approves('release-address', [BEN, ANA]),
    }),
    address('unassociated-address', 'lab-ip', { at: devEu, env: 'dev' }),
  ];
}

function loadBalancers(): SeededAsset[] {
  const http = { internetExposed: true, openPorts: ['80'], findings: [plainHttp] };
  return [
    loadBalancer('busy-load-balancer', 'web-lb-us', { at: prodUs, env: 'prod', targets: ['web-1', 'web-3', 'web-5'] }),
    loadBalancer('busy-load-balancer', 'web-lb-eu', { at: prodEu, env: 'prod', targets: ['web-2', 'web-4'] }),
    loadBalancer('busy-load-balancer', 'api-lb-eu', {
      at: prodEu,
      env: 'prod',
      targets: ['api-2', 'api-4'],
      type: 'network',
    }),
    loadBalancer('busy-load-balancer', 'dev-lb', { at: devUs, env: 'dev', targets: ['devbox-1'] }),
    loadBalancer('idle-load-balancer', 'beta-lb', {
      at: prodUs,
      env: 'staging',
      targets: ['worker-1'],
      posture: http,
      demo: approves('delete-load-balancer', [ANA, BEN]),
    }),
    loadBalancer('targetless-load-balancer', 'old-shop-lb', {
      at: prodEu,
      env: 'test',
      demo: approves('delete-load-balancer', [BEN, ANA]),
    }),
    loadBalancer('targetless-load-balancer', 'lab-lb', { at: devEu, env: 'dev' }),
  ];
}

/** Volumes, addresses and load balancers, in use and not. */
export function storageAndNetwork(): SeededAsset[] {
  return [...volumes(), ...addresses(), ...loadBalancers()];
}
