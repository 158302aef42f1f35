import { z } from 'zod';

const OneOrMany = z.union([z.string(), z.array(z.string())]);
const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: OneOrMany.optional(),
  NotAction: OneOrMany.optional(),
  Resource: OneOrMany.optional(),
  NotResource: OneOrMany.optional(),
  Condition: z.record(z.string(), z.record(z.string(), OneOrMany)).optional(),
});
/** An IAM policy, as far as the sandbox evaluates them. */
export const PolicyDocument = z.object({
  Version: z.string().optional(),
  Statement: z.union([Statement, z.array(Statement)]).transform((s) => (Array.isArray(s) ? s : [s])),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case. A missing key is null. */
  readonly context: Readonly<Record<string, string | undefined>>;
}

/** What one policy says: an explicit deny beats any allow; saying nothing is `silent`. */
export function evaluate(policy: PolicyDocument, request: AccessRequest): 'allow' | 'deny' | 'silent' {
  const applying = policy.Statement.filter((s) => matchesStatement(s, request));
  if (applying.some((s) => s.Effect === 'Deny')) return 'deny';
  return applying.length > 0 ? 'allow' : 'silent';
}

function matchesStatement(statement: z.infer<typeof Statement>, request: AccessRequest): boolean {
  const action = statement.Action
    ? list(statement.Action).some((p) => wildcard(p.toLowerCase(), request.action.toLowerCase()))
    : !list(statement.NotAction ?? []).some((p) => wildcard(p.toLowerCase(), request.action.toLowerCase()));
  if (!action) return false;
  const resource = statement.Resource
    ? list(statement.Resource).some((p) => wildcard(p, request.resource))
    : !list(statement.NotResource ?? []).some((p) => wildcard(p, request.resource));
  return resource && Object.entries(statement.Condition ?? {}).every(([op, keys]) => conditionHolds(op, keys, request));
}

function conditionHolds(operator: string, keys: Record<string, string | string[]>, request: AccessRequest): boolean {
  return Object.entries(keys).every(([key, expected]) => {
    const actual = request.context[key.toLowerCase()];
    const values = list(expected);
    switch (operator) {
      case 'StringEquals':
        return actual !== undefined && values.includes(actual);
      case 'StringNotEquals':
        return actual === undefined || !values.includes(actual);
      case 'StringLike':
      case 'ArnLike':
        return actual !== undefined && values.some((v) => wildcard(v, actual));
      case 'StringNotLike':
        return actual === undefined || !values.some((v) => wildcard(v, actual));
      case 'Bool':
        return actual !== undefined && values.includes(actual);
      case 'BoolIfExists':
        return actual === undefined || values.includes(actual);
      case 'Null':
        return values.includes(String(actual === undefined));
      // An operator this evaluator does not know must not widen anything: the statement is treated as not applying,
      // and `parsePolicy` refuses it up front.
      default:
        return false;
    }
  });
}

const OPERATORS = new Set([
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'ArnLike',
  'Bool',
  'BoolIfExists',
  'Null',
]);

/** Reads an inline policy. Returns the reason when it is malformed, as STS would say it. */
export function parsePolicy(text: string): PolicyDocument | { malformed: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { malformed: 'Syntax errors in policy.' };
  }
  const parsed = PolicyDocument.safeParse(json);
  if (!parsed.success) return { malformed: parsed.error.issues[0]?.message ?? 'Syntax errors in policy.' };
  for (const s of parsed.data.Statement) {
    if (!s.Action === !s.NotAction) return { malformed: 'Statement must have exactly one of Action and NotAction.' };
    if (!s.Resource === !s.NotResource) return { malformed: 'Policy statement must contain resources.' };
    const unknown = Object.keys(s.Condition ?? {}).find((op) => !OPERATORS.has(op));
    if (unknown) return { malformed: `Invalid Condition type : ${unknown}.` };
  }
  return parsed.data;
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

const compiled = new Map<string, RegExp>();

/** `*` any run of characters, `?` any one. */
function wildcard(pattern: string, text: string): boolean {
  if (pattern === '*' || pattern === text) return true;
  let regex = compiled.get(pattern);
  if (!regex) {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    regex = new RegExp(`^${escaped}$`, 's');
    if (compiled.size > 1000) compiled.clear();
    compiled.set(pattern, regex);
  }
  return regex.test(text);
}
