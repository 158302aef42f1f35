import { z } from 'zod';

const Message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))]),
});

const Items = z.object({ items: z.object({ enum: z.array(z.string()).optional() }).optional() }).optional();

export const ChatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  max_completion_tokens: z.number().int().positive().nullish(),
  response_format: z
    .object({
      type: z.literal('json_schema'),
      json_schema: z.object({
        name: z.string().regex(/^[\w-]{1,64}$/),
        strict: z.literal(true),
        schema: z.object({
          type: z.literal('object'),
          additionalProperties: z.literal(false),
          required: z.array(z.string()),
          properties: z.object({ reasonCodes: Items, questions: Items, evidenceIds: Items }).loose(),
        }),
      }),
    })
    .optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** What the simulated model sees: the person's words, and the lists its answer must pick from. */
export interface Question {
  readonly user: string;
  readonly enums: { readonly [K in 'reasonCodes' | 'questions' | 'evidenceIds']?: readonly string[] | undefined };
}

export function questionOf(request: ChatRequest): Question {
  const properties = request.response_format?.json_schema.schema.properties;
  return {
    user: request.messages
      .filter((message) => message.role === 'user')
      .map(({ content }) => (typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('\n')))
      .join('\n'),
    enums: {
      reasonCodes: properties?.reasonCodes?.items?.enum,
      questions: properties?.questions?.items?.enum,
      evidenceIds: properties?.evidenceIds?.items?.enum,
    },
  };
}
