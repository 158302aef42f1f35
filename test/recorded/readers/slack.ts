import { z } from 'zod';
import { readButtonInteraction, readRejectForm, type SlackInteraction } from '../../../clients/slack/interaction.ts';
import type { Admitted } from '../../../clients/chat/interaction.ts';
import { at, shown } from '../../../providers/rows.ts';
import type { RecordedReader, VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

const ADMITTED: Admitted = { requestHash: 'recorded', delivery: null };

/** Clicks and forms of other apps: who, where and in which workspace is read; what they carry is nobody's decision. */
function interactions(
  endpoint: RegExp,
  readOne: (body: unknown, admitted: Admitted) => SlackInteraction,
): RecordedReader {
  return {
    endpoint,
    rows: () => 1,
    read(body) {
      try {
        const { value } = readOne(body, ADMITTED);
        if (value === null) return { read: 1, rejected: [] };
        throw new Error('what another app sent was taken for a decision');
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error;
        const [issue] = error.issues;
        const field = issue?.path.join('.') ?? '(body)';
        const found = shown(at(body, issue?.path ?? []));
        return { read: 0, rejected: [{ rowId: null, field, found, fix: issue?.message ?? 'must be as documented' }] };
      }
    },
  };
}

export const slack: VendorReaders = {
  vendor: 'slack',
  readers: [
    interactions(/^interactivity request \((block_actions|BlockActionPayload)\)/, readButtonInteraction),
    interactions(/^interactivity request \((view_submission|ViewSubmissionPayload)\)/, readRejectForm),
  ],
  unread: [
    ...noReader(
      'kinds of interactivity that nothing of ours offers',
      /^interactivity request \((block_suggestion|dialog_submission|interactive_message|message_action|shortcut|view_closed)\)/,
      /^interactivity request \((Dialog\w+|SlashCommand|AttachmentAction)Payload\)/,
    ),
    ...noReader('we subscribe to no event', /^events request/),
    ...noReader('answers are read by the vendor’s own client', /^POST [a-z]+\.[A-Za-z.]+$/),
  ],
};
