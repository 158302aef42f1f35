import { z } from 'zod';
import { CHAT_VENDORS } from '../providers/chat/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

/** Which channel people are asked in. Slack's own section is `slack`. */
export const Chat = z
  .strictObject({ vendor: nameOf(CHAT_VENDORS), ...sectionsOf(CHAT_VENDORS) })
  .superRefine(chosenIn('chat', CHAT_VENDORS));
