import { z } from 'zod';

/** A decimal number as text: never binary floating point. */
export const DecimalText = z
  .string()
  .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/, 'must be a decimal number as text, such as "12.50"');
export type DecimalText = z.infer<typeof DecimalText>;

/** An amount with its ISO 4217 currency. */
export const Money = z.object({
  amount: DecimalText,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as USD'),
});
export type Money = z.infer<typeof Money>;
