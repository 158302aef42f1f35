import { z } from 'zod';

/** What we rely on in Jira's answers; extra fields are let through unread. */
export const Id = z.string().regex(/^\d+$/, 'must be a number in quotes');
const Key = z.string().regex(/^[A-Z][A-Z0-9_]*-\d+$/, 'must look like OPS-12');

export const Created = z.object({ id: Id, key: Key });

export const CreatedRequest = z
  .object({ issueId: Id, issueKey: Key })
  .transform(({ issueId, issueKey }) => ({ id: issueId, key: issueKey }));

const StatusCategory = z.object({ key: z.string() });
export const Status = z.object({ id: z.string(), name: z.string().min(1), statusCategory: StatusCategory });

const Person = z.object({ displayName: z.string().optional(), accountId: z.string().optional() });

const History = z.object({
  id: z.string(),
  author: Person.nullish(),
  created: z.string(),
  items: z.array(z.object({ field: z.string(), to: z.string().nullish() })).default([]),
});

export const Issue = z.object({
  id: Id,
  key: Key,
  fields: z.object({
    summary: z.string().nullish(),
    // Left out where the project's screens do not show the field.
    description: z.unknown().optional(),
    status: Status,
    priority: z.object({ name: z.string() }).nullish(),
    labels: z.array(z.string()).default([]),
  }),
  changelog: z.object({ histories: z.array(History) }).optional(),
});
export type Issue = z.infer<typeof Issue>;

export const SearchPage = z.object({
  issues: z.array(z.object({ id: Id, key: Key })),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().optional(),
});

const ScreenField = z.object({
  required: z.boolean().default(false),
  hasDefaultValue: z.boolean().default(false),
  // Versions and options have a value or an id and no name, and some fields list texts: those choose nothing here.
  allowedValues: z
    .array(z.object({ name: z.string().optional() }).catch({}))
    .optional()
    .catch(undefined),
});
export const Transition = z.object({
  id: z.string().min(1),
  name: z.string(),
  to: Status,
  isAvailable: z.boolean().default(true),
  fields: z.record(z.string(), ScreenField).default({}),
});
export type Transition = z.infer<typeof Transition>;
export const Transitions = z.object({ transitions: z.array(Transition) });

export const CommentMade = z.object({ id: z.string() });
export const CommentPage = z.object({
  comments: z.array(z.object({ id: z.string(), body: z.unknown() })),
  startAt: z.number().int(),
  total: z.number().int(),
});

export const Myself = z.object({ accountId: z.string().min(1), displayName: z.string().default('the account') });
export const Users = z.array(z.object({ accountId: z.string().min(1), active: z.boolean().default(true) }));

export const Intent = z.object({
  value: z.object({ startedAt: z.number(), issueId: Id.nullish() }),
});

export const Approvals = z.object({
  values: z.array(
    z.object({
      finalDecision: z.string(),
      approvers: z.array(z.object({ approver: Person, approverDecision: z.string() })).default([]),
    }),
  ),
});
