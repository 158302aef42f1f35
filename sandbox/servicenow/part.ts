import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createServiceNowSimulator } from './index.ts';

export const servicenow: SandboxPart = {
  port: 4620,
  secrets: {
    'servicenow-user': () => 'idlewise.integration',
    'servicenow-password': () => randomBytes(18).toString('hex'),
  },
  create: ({ estate, secret, stateFile }) =>
    createServiceNowSimulator({ estate, stateFile, options: { password: secret('servicenow-password') } }),
  configure(config, { url, ref }) {
    config.servicenow = {
      instanceUrl: url('servicenow'),
      grant: 'basic',
      username: ref('servicenow-user'),
      password: ref('servicenow-password'),
      // One class for instances, volumes, addresses and load balancers alike.
      ciTable: 'cmdb_ci_vm_object',
      assignmentGroup: 'Change Management',
    };
  },
};
