import { z } from 'zod';
import { at } from '../../providers/rows.ts';

const Account = z.looseObject({ id: z.string(), name: z.string().optional(), aadObjectId: z.string().optional() });

/** What the service sends, as far as we read it. */
export const Activity = z.looseObject({
  type: z.string(),
  id: z.string().min(1),
  name: z.string().optional(),
  timestamp: z.string(),
  channelId: z.string(),
  serviceUrl: z.string(),
  from: Account,
  recipient: Account,
  conversation: z.looseObject({ id: z.string(), tenantId: z.string().optional() }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string() }).optional() }).optional(),
  replyToId: z.string().optional(),
  value: z.unknown().optional(),
});
export type Activity = z.infer<typeof Activity>;

/** What keeps a body from being an activity: the field, what was found there, and how it has to be. */
export interface NoActivity {
  readonly field: string;
  readonly found: string;
  readonly fix: string;
}

/**
 * An activity of the service. Without a `timestamp` nobody can tell how old a click is, so it is refused: channels should
 * send one and only bots should not (Bot Framework activity specification, A2040 and A2041), and Microsoft's samples of what Teams sends have it.
 */
export function parseActivity(body: Buffer): Activity | NoActivity {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return { field: '(body)', found: 'no JSON', fix: 'must be the JSON of an activity' };
  }
  const parsed = Activity.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  // Whoever sends it chose the value: only its kind is repeated.
  const found = at(value, path);
  const kind = found === undefined ? 'nothing' : found === '' ? 'empty text' : found === null ? 'null' : typeof found;
  return { field: path.join('.') || '(body)', found: kind, fix: issue?.message ?? 'must be as an activity' };
}

export const isActivity = (parsed: Activity | NoActivity): parsed is Activity => 'conversation' in parsed;

/** Tenants an activity names. */
export const tenantsOf = (activity: Activity): string[] =>
  [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter((id) => id !== undefined);

/** The channel, whichever of its threads the activity came from. */
export const baseConversation = (activity: Activity): string => activity.conversation.id.split(';')[0] ?? '';
