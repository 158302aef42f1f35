import { z } from 'zod';

/** The app that other systems call: results of routed changes, webhooks of the ticket system. */
export const Http = z
  .strictObject({
    port: z.number().int().min(0).default(3100),
    /** Address it listens on; 0.0.0.0 in a container behind a TLS proxy. */
    host: z.string().default('127.0.0.1'),
  })
  .default({ port: 3100, host: '127.0.0.1' });
