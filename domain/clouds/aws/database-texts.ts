import type { ActionTexts } from '../port.ts';
import { command, hclString, sequence } from '../text.ts';

/** Stopping an RDS instance keeps its storage and backups; RDS starts it again by itself after seven days. */
export function stopDatabaseTexts(p: { resourceId: string; region: string }): ActionTexts {
  const on = ['--region', p.region, '--db-instance-identifier', p.resourceId] as const;
  return {
    steps: [
      'Re-read the database instance and refuse if anything in the plan has changed.',
      'Refuse a replica, the source of one, and the member of a cluster.',
      'Stop the instance and wait until it is stopped. Storage, backups and configuration stay.',
      'RDS starts it again after seven days: the next sweep sees it and asks again.',
    ],
    command: sequence([
      command('aws', 'rds', ['stop-db-instance', ...on]),
      command('aws', 'rds', ['wait', 'db-instance-stopped', ...on]),
    ]),
    terraform: `# Terraform cannot hold an RDS instance stopped; to give it up for good, delete the aws_db_instance block whose identifier is ${hclString(p.resourceId)}.`,
    rollback: `Start it again: ${command('aws', 'rds', ['start-db-instance', ...on])}`,
  };
}
