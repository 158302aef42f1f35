import { z } from 'zod';

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

/** Null for anything that is not an activity. */
export function parseActivity(body: Buffer): Activity | null {
  try {
    const parsed = Activity.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Tenants an activity names. */
export const tenantsOf = (activity: Activity): string[] =>
  [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter((id) => id !== undefined);

/** The channel, whichever of its threads the activity came from. */
export const baseConversation = (activity: Activity): string => activity.conversation.id.split(';')[0] ?? '';
