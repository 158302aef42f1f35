import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { OrcaClient } from './client.ts';
import { all, type Condition } from './conditions.ts';
import { failureWith, Refusal } from './errors.ts';
import { type Page, readPage } from './paging.ts';

export interface Question {
  readonly operation: string;
  readonly models: readonly string[];
  readonly conditions: readonly Condition[];
  /** Key to sort by, so that pages do not shift while they are read. Left out when the tenant does not know it. */
  readonly orderBy: string;
  /** Objects to send along with each row. */
  readonly with?: readonly string[];
  readonly limit: number;
  readonly start: number;
  readonly needs: string;
}

export interface ServingLayer {
  /** Which of the models are asked for: names the tenant refused once are left out from then on. */
  known(models: readonly string[]): readonly string[];
  /** One page. A question whose models are all refused gets an empty page. Throws ProviderError. */
  ask(question: Question): Promise<Page>;
}

const PATH = '/api/serving-layer/query';
const QUOTED = /['"`‘“]([A-Za-z][A-Za-z0-9_.]*)['"`’”]/;

/**
 * The query interface. Tenants differ in the names they know and refuse a question for one unknown name. Names that only
 * sort, and models beside others, are left out then and the question is asked again; a condition never is, as the
 * question would become a wider one.
 */
export function createServingLayer(client: OrcaClient): ServingLayer {
  const refused = new Set<string>();

  const send = async (question: Question, models: readonly string[], sorted: boolean): Promise<Page> => {
    const body = await client.call({
      operation: question.operation,
      method: 'POST',
      path: PATH,
      // A POST that only asks.
      repeatable: true,
      needs: question.needs,
      body: {
        query: { models, type: 'object_set', with: all(question.conditions) },
        limit: question.limit,
        start_at_index: question.start,
        get_results_and_count: true,
        ...(sorted ? { 'order_by[]': [question.orderBy] } : {}),
        ...(question.with
          ? { 'additional_models[]': question.with, full_graph_fetch: { enabled: true }, max_tier: 2 }
          : {}),
      },
    });
    return readPage(question.operation, body);
  };

  const known = (models: readonly string[]) => models.filter((model) => !refused.has(model));

  const ask = async (question: Question): Promise<Page> => {
    const models = known(question.models);
    if (models.length === 0) return { nodes: [], total: 0 };
    const sorted = !refused.has(question.orderBy);
    try {
      return await send(question, models, sorted);
    } catch (error) {
      const name = error instanceof Refusal && error.kind === Kind.Terminal ? QUOTED.exec(error.text)?.[1] : undefined;
      if (name === undefined) throw error;
      // What this very question asked for counts: another one may have learnt of the name meanwhile.
      if (models.includes(name) || (sorted && name === question.orderBy)) {
        refused.add(name);
        return ask(question);
      }
      throw failureWith({
        operation: question.operation,
        kind: Kind.Terminal,
        message: `this tenant does not know "${name}"; set the name it uses in cnapp.orca`,
        cause: error,
      });
    }
  };

  return { known, ask };
}
