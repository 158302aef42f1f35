import { ANA } from '../people.ts';
import { devUs, prodEu, prodUs } from '../places.ts';
import type { SeededAsset } from '../types.ts';
import { database } from './base.ts';
import { approves, automatic } from './scripts.ts';

/** Database servers that can be stopped, used and unused. */
export function databases(): SeededAsset[] {
  return [
    database('busy-database', 'orders-db', { at: prodUs, env: 'prod', storageGiB: 200 }),
    database('busy-database', 'reports-db', { at: prodEu, env: 'staging' }),
    database('idle-database', 'trial-db', { at: prodUs, env: 'staging', demo: approves('stop-database', [ANA]) }),
    database('idle-database', 'dev-old-db', {
      at: devUs,
      env: 'dev',
      instanceClass: 'db.t3.medium',
      demo: automatic,
    }),
  ];
}
