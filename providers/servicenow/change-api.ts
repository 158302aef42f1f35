import { z } from 'zod';
import { ProviderErrorKind } from '../../ports/errors.ts';
import { parseChange, refuseIgnored, stateText } from './change-parse.ts';
import type { ChangeRecords, NextStates } from './change-records.ts';
import type { ServiceNowClient } from './client.ts';
import { serviceNowError } from './errors.ts';
import { firstIssue, oneResult } from './fields.ts';

const BASE = '/api/sn_chg_rest/change';

const StateValue = z.union([z.string(), z.number()]).transform((v) => stateText(String(v)));
const Transition = z.object({
  to_state: StateValue,
  transition_available: z.boolean(),
  automatic_transition: z.boolean().default(false),
  conditions: z
    .array(z.object({ passed: z.boolean(), condition: z.object({ name: z.string() }).optional() }))
    .default([]),
});
const NextStatesAnswer = oneResult(
  z.object({
    available_states: z.array(StateValue),
    state_label: z.record(z.string(), z.string()).default({}),
    state_transitions: z.array(z.array(Transition)).default([]),
  }),
);

/** The Change Management API (`sn_chg_rest`). */
export function createChangeApi(client: ServiceNowClient, type: 'normal' | 'emergency'): ChangeRecords {
  const write = async (
    operation: string,
    request: { method: 'POST' | 'PATCH'; path: string },
    values: Readonly<Record<string, string>>,
  ) => {
    const answer = await client.send({ operation, ...request, body: values });
    const { change, ignored } = parseChange(operation, answer.body);
    refuseIgnored(operation, ignored, { number: change.number, fields: Object.keys(values) });
    return change;
  };
  return {
    create: (values) => write('create change', { method: 'POST', path: `${BASE}/${type}` }, values),
    patch: (id, values) => write('update change', { method: 'PATCH', path: `${BASE}/${pathPart(id)}` }, values),
    read: async (id) => {
      const answer = await client.send({ operation: 'read change', method: 'GET', path: `${BASE}/${pathPart(id)}` });
      return parseChange('read change', answer.body).change;
    },
    nextStates: async (id) => {
      const operation = 'next states';
      const answer = await client.send({ operation, method: 'GET', path: `${BASE}/${pathPart(id)}/nextstates` });
      const parsed = NextStatesAnswer.safeParse(answer.body);
      if (!parsed.success)
        throw serviceNowError(ProviderErrorKind.Malformed, operation, { message: firstIssue(parsed.error) });
      return reachable(parsed.data.result);
    },
  };
}

/** A state counts as available when it is listed and at least one way into it is open (or none is described). */
function reachable(answer: z.infer<typeof NextStatesAnswer>['result']): NextStates {
  const ways = answer.state_transitions.flat();
  const unmet: Record<string, string[]> = {};
  for (const way of ways)
    if (!way.transition_available)
      unmet[way.to_state] = way.conditions
        .filter((c) => !c.passed)
        .map((c) => c.condition?.name ?? 'unnamed condition');
  const available = answer.available_states.filter((state) => {
    const into = ways.filter((way) => way.to_state === state);
    return into.length === 0 || into.some((way) => way.transition_available);
  });
  return { available, labels: answer.state_label, unmet };
}

/** A sys_id as a path segment; anything else never reaches the instance. */
export function pathPart(id: string): string {
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  throw serviceNowError(ProviderErrorKind.Terminal, 'address change', {
    message: 'ticket id is not a sys_id of 32 hexadecimal digits',
  });
}
