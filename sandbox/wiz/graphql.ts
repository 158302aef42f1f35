import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Json, Row } from './types.ts';

/** An error the server answers inside HTTP 200. */
export class GraphqlFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Arguments = Record<string, unknown>;
export type Resolver = (args: Arguments) => Json | Promise<Json>;

export interface Execution {
  readonly data: Record<string, Json>;
  readonly errors: readonly { message: string; path: readonly string[]; extensions: { code: string } }[];
  readonly fields: readonly string[];
}

/**
 * Runs a document against resolvers by root field. Fields that were not asked for are left out; fields the simulator
 * does not know are null. Throws GraphQLError when the text is no GraphQL.
 */
export async function execute(
  resolvers: Readonly<Record<string, Resolver>>,
  query: string,
  variables: Record<string, unknown>,
): Promise<Execution> {
  const document = parse(query);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  const data: Record<string, Json> = {};
  const errors: Execution['errors'][number][] = [];
  const roots = operation ? fieldsOf(operation.selectionSet, fragments).filter((f) => included(f, variables)) : [];
  for (const field of roots) {
    const key = field.alias?.value ?? field.name.value;
    try {
      const resolver = resolvers[field.name.value];
      if (!resolver)
        throw new GraphqlFailure('GRAPHQL_VALIDATION_FAILED', `Cannot query field "${field.name.value}" on root type`);
      data[key] = project(await resolver(argumentsOf(field, variables)), field.selectionSet, fragments);
    } catch (error) {
      if (!(error instanceof GraphqlFailure)) throw error;
      data[key] = null;
      errors.push({ message: error.message, path: [key], extensions: { code: error.code } });
    }
  }
  return { data, errors, fields: roots.map((f) => f.name.value) };
}

function argumentsOf(field: FieldNode, variables: Record<string, unknown>): Arguments {
  return Object.fromEntries(
    (field.arguments ?? []).map((a) => [a.name.value, valueFromASTUntyped(a.value, variables)]),
  );
}

/** `@include(if:…)` on a root field. */
function included(field: FieldNode, variables: Record<string, unknown>): boolean {
  const condition = field.directives?.find((d) => d.name.value === 'include')?.arguments?.[0];
  return condition === undefined || valueFromASTUntyped(condition.value, variables) === true;
}

function fieldsOf(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): FieldNode[] {
  return set.selections.flatMap((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection];
      case Kind.INLINE_FRAGMENT:
        return fieldsOf(selection.selectionSet, fragments);
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragments.get(selection.name.value);
        return fragment ? fieldsOf(fragment.selectionSet, fragments) : [];
      }
    }
  });
}

function project(
  value: Json,
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Json {
  if (!set || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => project(item, set, fragments));
  const row = value as Row;
  return Object.fromEntries(
    fieldsOf(set, fragments).map((f) => [
      f.alias?.value ?? f.name.value,
      project(row[f.name.value] ?? null, f.selectionSet, fragments),
    ]),
  );
}
