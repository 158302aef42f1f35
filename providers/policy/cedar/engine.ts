import {
  type Context,
  type EntityJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  type TypeAndId,
} from '@cedar-policy/cedar-wasm/nodejs';
import { digestOf, sha256 } from '../../../schemas/digest.ts';
import type { PolicyDecision } from '../../../ports/policy.ts';
import { checkPolicySet, type PolicySetFile, PolicySetInvalid, type PolicySources } from './load.ts';

export interface CedarRequest {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Context;
  readonly entities: readonly EntityJson[];
}

export interface CedarEngine {
  /** Never throws: whatever goes wrong is a denial that says so. */
  decide(request: CedarRequest): PolicyDecision;
  /** A denial of something that could not even be put into a request. */
  refuse(request: unknown, why: string): PolicyDecision;
}

/** Cedar never frees a preparsed set under another name, so there is one name, and its content is swapped. */
const SLOT = 'idlewise';
let loaded: string | null = null;

/** @throws PolicySetInvalid: no engine, no decisions, and the worker does not poll. */
export function createCedarEngine(sources: PolicySources): CedarEngine {
  const set = checkPolicySet(sources);
  activate(set);
  const deny = (reasons: readonly string[], requestDigest: string): PolicyDecision => ({
    allow: false,
    reasons,
    policySetDigest: set.policySetDigest,
    schemaDigest: set.schemaDigest,
    requestDigest,
  });

  return {
    refuse: (request, why) => deny([`evaluation-error:${why}`], digestOrMark(request)),
    decide(request) {
      const requestDigest = digestOrMark(request);
      try {
        activate(set);
        const { reasons, allow } = evaluate(request);
        return { ...deny(reasons, requestDigest), allow };
      } catch (error) {
        return deny([`evaluation-error:${error instanceof Error ? error.message : String(error)}`], requestDigest);
      }
    },
  };
}

/**
 * Cedar fails open in three ways, and each is closed here: a forbid that errors is skipped (so any error denies),
 * without the schema action groups stop matching (so it is always given and the request validated), and an unknown
 * entity is only a diagnostic (an error, hence a denial).
 */
function evaluate(request: CedarRequest): { allow: boolean; reasons: readonly string[] } {
  const answer = statefulIsAuthorized({
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: request.context,
    entities: [...request.entities],
    preparsedPolicySetId: SLOT,
    preparsedSchemaName: SLOT,
    validateRequest: true,
  });
  if (answer.type !== 'success')
    return { allow: false, reasons: answer.errors.map((e) => `evaluation-error:${e.message}`) };
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0)
    return {
      allow: false,
      reasons: diagnostics.errors.map((e) => `evaluation-error:${e.policyId}: ${e.error.message}`),
    };
  const reasons = [...diagnostics.reason].sort();
  if (reasons.length === 0) return { allow: false, reasons: ['no-permit'] };
  return { allow: decision === 'allow', reasons };
}

function activate(set: PolicySetFile): void {
  const version = `${set.policySetDigest}/${set.schemaDigest}`;
  if (loaded === version) return;
  loaded = null;
  const schema = preparseSchema(SLOT, set.schemaText);
  const policies = preparsePolicySet(SLOT, { staticPolicies: { ...set.policies } });
  if (schema.type !== 'success' || policies.type !== 'success')
    throw new PolicySetInvalid('the policy set does not load; fix config/policies and start again');
  loaded = version;
}

function digestOrMark(request: unknown): string {
  try {
    return digestOf(request);
  } catch {
    // What has no canonical form (a NaN, half a character) is still told apart from other requests.
    return sha256(`not-canonical\0${String(JSON.stringify(request))}`);
  }
}
