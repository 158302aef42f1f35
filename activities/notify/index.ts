import { readableInstant } from '../../domain/words.ts';
import type { NotifyActivities } from '../contracts.ts';
import { notYet, withFailures } from '../shared/failures.ts';
import { askForDecision } from './ask-for-decision.ts';
import { type CloseDeps, closeOut, reportSaving } from './close-out.ts';
import { moveAsFarAsPossible } from './ticket-moves.ts';

/** Tickets, chat and notes. Holds no cloud credential. */
export function createNotifyActivities(deps: CloseDeps): NotifyActivities {
  return withFailures<NotifyActivities>({
    askForDecision: (input) => askForDecision(deps, input),
    closeOut: (input) => closeOut(deps, input),
    reportSaving: (input) => reportSaving(deps, input),

    async remind({ approvalId, kind, expiresAt }) {
      const approval = await deps.store.approvals.get(approvalId);
      if (!approval?.chat || approval.status !== 'open') return;
      const text =
        kind === 'reminder'
          ? `Reminder: this is still waiting for a decision until ${readableInstant(expiresAt)}. Silence means no.`
          : `Escalation: nobody has decided yet; ${approval.ownerTeam} and the approvers are asked to. It expires at ${readableInstant(expiresAt)}, and then nothing is changed.`;
      await deps.chat.postToThread(approval.chat, { marker: `${kind}:${approvalId}`, text });
      if (kind === 'escalation' && approval.ticketId)
        await deps.tickets.addNote({ id: approval.ticketId }, { marker: `idlewise:${approvalId}:escalation`, text });
    },

    async announceHold({ approvalId, until }) {
      const approval = await deps.store.approvals.get(approvalId);
      if (!approval) return;
      const asset = (await deps.store.remediations.get(approval.remediationId))?.assetName ?? approval.remediationId;
      const text = `Stopped and snapshotted where needed; every snapshot is verified. Held until ${readableInstant(until)}, then destroyed. To call it off: idlewise decide "${asset}" withdraw --as <you>`;
      if (approval.ticketId) {
        const ticket = { id: approval.ticketId };
        await moveAsFarAsPossible(deps.tickets, ticket, ['scheduled', 'implementing']);
        await deps.tickets.addNote(ticket, { marker: `idlewise:${approvalId}:hold`, text });
      }
      if (approval.chat) await deps.chat.postToThread(approval.chat, { marker: `hold:${approvalId}`, text });
      await deps.store.remediations.upsert({
        remediationId: approval.remediationId,
        stage: 'holding',
        updatedAt: deps.clock().toISOString(),
      });
    },

    async announceWindow({ approvalId, opensAt }) {
      const approval = await deps.store.approvals.get(approvalId);
      if (!approval) return;
      const asset = (await deps.store.remediations.get(approval.remediationId))?.assetName ?? approval.remediationId;
      const text = `Approved outside the change window: it waits until ${readableInstant(opensAt)}, and everything is checked again then. To call it off: idlewise decide "${asset}" withdraw --as <you>`;
      const marker = `window:${approvalId}:${opensAt}`;
      if (approval.ticketId)
        await deps.tickets.addNote({ id: approval.ticketId }, { marker: `idlewise:${marker}`, text });
      if (approval.chat) await deps.chat.postToThread(approval.chat, { marker, text });
      await deps.store.remediations.upsert({
        remediationId: approval.remediationId,
        stage: 'awaiting-window',
        updatedAt: deps.clock().toISOString(),
      });
    },

    async watchTicket({ ticketId, pollMs }) {
      const status = await deps.tickets.status({ id: ticketId });
      if (status.stage !== 'closed' && status.stage !== 'cancelled')
        throw notYet(`ticket is ${status.vendorState}`, pollMs);
      return { endedBy: status.closedBy ?? 'somebody', state: status.vendorState };
    },

    async showDecision({ approvalId, headline, detail, stage }) {
      const approval = await deps.store.approvals.get(approvalId);
      if (!approval) return;
      await deps.store.approvals.transition(approvalId, 'open', 'decided');
      if (stage === 'snoozed') {
        await deps.store.remediations.upsert({
          remediationId: approval.remediationId,
          stage: 'snoozed',
          updatedAt: deps.clock().toISOString(),
        });
        if (approval.ticketId)
          await deps.tickets.addNote(
            { id: approval.ticketId },
            { marker: `idlewise:${approvalId}:snooze`, text: `${headline} ${detail}` },
          );
      }
      if (approval.chat) await deps.chat.replaceWithDecision(approval.chat, { headline, detail });
    },
  });
}
