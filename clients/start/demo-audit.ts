import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../../config/schema.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { openAudit } from '../../compose/records.ts';
import { verifyExport } from '../audit/verify.ts';
import type { DemoReport } from './demo-report.ts';

/** Exports the trail, verifies it offline, then changes one byte in the middle and expects to be told. */
export async function demoAudit(config: Config, folder: string): Promise<DemoReport['audit']> {
  const audit = await openAudit(config, createSecrets(), { sign: true });
  const file = join(folder, 'audit-export.jsonl');
  try {
    await audit.checkpoint(new Date().toISOString());
    await pipeline(Readable.from(audit.export()), createWriteStream(file));
  } finally {
    await audit.close();
  }
  const clean = await verifyExport({ content: createReadStream(file) });
  const bytes = await readFile(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] as number) ^ 1;
  const changed = await verifyExport({ content: bytes });
  return {
    file,
    events: clean.counts.events,
    intact: clean.status === 'intact',
    tamperingFound: changed.status === 'tampered',
  };
}
