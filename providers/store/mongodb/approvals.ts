import { ApprovalRequest, Decision } from '../../../schemas/decision.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { ApprovalStore } from '../../../ports/store.ts';
import type { Connection, Document } from './connect.ts';
import { encode, key, parse } from './documents.ts';
import { isDuplicateKey, storeError } from './errors.ts';
import { writeOnce } from './write-once.ts';

export function createApprovals(connection: Connection): ApprovalStore {
  const approvals = connection.durable('approvals');
  const decisions = connection.durable('decisions');
  const approval = (raw: Document) => parse(ApprovalRequest, raw, { collection: 'approvals', id: raw._id });

  return {
    create: (request) =>
      writeOnce({
        connection,
        collection: approvals,
        document: { _id: key(request.approvalId, 'approvalId'), ...request },
        // What happens to a request after it was made must not make a retried `create` look different.
        ignoring: ['status', 'chat', 'ticketId'],
      }),

    async get(approvalId) {
      const _id = key(approvalId, 'approvalId');
      const raw = await connection.run('approvals.get', () => approvals.findOne({ _id }));
      return raw && approval(raw);
    },

    async open() {
      const rows = await connection.run('approvals.open', () =>
        approvals.find({ status: 'open' }).sort({ expiresAt: 1 }).toArray(),
      );
      return rows.map(approval);
    },

    async transition(approvalId, from, to) {
      const filter = { _id: key(approvalId, 'approvalId'), status: key(from, 'from') };
      const { matchedCount } = await connection.run('approvals.transition', () =>
        approvals.updateOne(filter, { $set: { status: to } }),
      );
      return matchedCount === 1;
    },

    async attach(approvalId, set) {
      const _id = key(approvalId, 'approvalId');
      const fields = encode({ chat: set.chat, ticketId: set.ticketId }) as Record<string, unknown>;
      if (Object.keys(fields).length === 0) return;
      const { matchedCount } = await connection.run('approvals.attach', () =>
        approvals.updateOne({ _id }, { $set: fields }),
      );
      if (matchedCount === 0)
        throw storeError('approvals.attach', ProviderErrorKind.NotFound, `there is no approval ${JSON.stringify(_id)}`);
    },

    async recordDecision(decision) {
      const document = {
        _id: key(decision.decisionId, 'decisionId'),
        ...decision,
        // Directory subjects are e-mail addresses, and case does not make a second person.
        person: key(decision.actor.subject, 'actor.subject').trim().toLowerCase(),
        recordedAt: new Date(),
      };
      try {
        await connection.run('decisions.record', () => decisions.insertOne(encode(document) as Document));
        return 'recorded';
      } catch (error) {
        if (isDuplicateKey(error)) return 'duplicate';
        throw error;
      }
    },

    async decisionsOn(approvalId) {
      const where = { approvalId: key(approvalId, 'approvalId') };
      const rows = await connection.run('decisions.list', () =>
        decisions.find(where).sort({ recordedAt: 1 }).toArray(),
      );
      return rows.map((raw) => parse(Decision, raw, { collection: 'decisions', id: raw._id }));
    },
  };
}
