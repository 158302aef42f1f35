import { z } from 'zod';
import { Teams } from '../providers/chat/teams/section.ts';

/** Which channel people are asked in. Slack's own section is `slack`. */
export const Chat = z
  .object({ vendor: z.enum(['slack', 'teams']), teams: Teams.optional() })
  .refine((chat) => chat.vendor !== 'teams' || chat.teams !== undefined, {
    path: ['teams'],
    error: 'must be given when chat.vendor is teams',
  });
