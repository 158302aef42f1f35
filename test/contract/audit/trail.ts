import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMongoAuditLog, type MongoAuditOptions } from '../../../providers/store/audit/create-mongo-audit-log.ts';
import type { AuditEntry } from '../../../schemas/audit.ts';

export const T0 = '2026-03-02T09:00:00.000Z';

export function newKeys(): { privatePem: string; publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}

const keys = newKeys();
export const signingKeyPem = keys.privatePem;
export const publicKeyPem = keys.publicPem;

export function entry(stream: string, n: number | string, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    stream,
    eventId: `${stream}/${n}`,
    type: 'INTENT',
    at: T0,
    actor: { kind: 'service', id: 'executor' },
    subject: 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1',
    payload: { n, 'odd.$key': ['é', 1.5, null, true] },
    ...over,
  };
}

export async function openLog(uri: string, database: string, over: Partial<MongoAuditOptions> = {}) {
  const anchorDir = over.anchorDir ?? (await mkdtemp(join(tmpdir(), 'idlewise-anchors-')));
  const log = await createMongoAuditLog({ uri, database, signingKeyPem, anchorDir, ...over });
  return { log, anchorDir };
}

export async function text(lines: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const line of lines) all += line;
  return all;
}
