import { z } from 'zod';
import { Plan } from '../../../schemas/option.ts';
import { CaseDocument } from '../../../schemas/records.ts';
import type { CaseStore } from '../../../ports/store.ts';
import type { Connection } from './connect.ts';
import { encode, key, parse } from './documents.ts';
import { writeOnce } from './write-once.ts';

const StoredPlan = z.object({ plan: Plan });
const StoredEvidence = z.object({
  body: z.custom<Record<string, unknown>>((v) => typeof v === 'object' && v !== null),
});

export function createCases(connection: Connection): CaseStore {
  const cases = connection.durable('cases');
  const plans = connection.durable('plans');
  const evidence = connection.durable('evidence');
  return {
    async put(document) {
      const _id = key(document.caseId, 'caseId');
      const body = encode(document) as Record<string, unknown>;
      await connection.run('cases.put', () => cases.replaceOne({ _id }, body, { upsert: true }));
    },
    async get(caseId) {
      const _id = key(caseId, 'caseId');
      const raw = await connection.run('cases.get', () => cases.findOne({ _id }));
      return raw && parse(CaseDocument, raw, { collection: 'cases', id: _id });
    },

    putPlan: (planDigest, plan) =>
      writeOnce({ connection, collection: plans, document: { _id: key(planDigest, 'planDigest'), plan } }),
    async getPlan(planDigest) {
      const _id = key(planDigest, 'planDigest');
      const raw = await connection.run('plans.get', () => plans.findOne({ _id }));
      return raw && parse(StoredPlan, raw, { collection: 'plans', id: _id }).plan;
    },

    async putEvidence(evidenceId, body) {
      const _id = key(evidenceId, 'evidenceId');
      await connection.run('evidence.put', () =>
        evidence.replaceOne({ _id }, { body: encode(body) }, { upsert: true }),
      );
    },
    async getEvidence(evidenceId) {
      const _id = key(evidenceId, 'evidenceId');
      const raw = await connection.run('evidence.get', () => evidence.findOne({ _id }));
      return raw && parse(StoredEvidence, raw, { collection: 'evidence', id: _id }).body;
    },
  };
}
