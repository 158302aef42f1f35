import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DetailedError,
  policySetTextToParts,
  policyToJson,
  schemaToJson,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { sha256 } from '../../../schemas/digest.ts';

export interface PolicySources {
  readonly policiesText: string;
  readonly schemaText: string;
}

export interface PolicySetFile extends PolicySources {
  /** Policy text by its `@id`, so that diagnostics carry the names people know. */
  readonly policies: Readonly<Record<string, string>>;
  readonly policySetDigest: string;
  readonly schemaDigest: string;
}

/** The policy set cannot be trusted; a worker that sees this must not poll. */
export class PolicySetInvalid extends Error {}

export async function readPolicySources(folder: string): Promise<PolicySources> {
  const [policiesText, schemaText] = await Promise.all([
    readFile(join(folder, 'policies.cedar'), 'utf8'),
    readFile(join(folder, 'schema.cedarschema'), 'utf8'),
  ]);
  return { policiesText, schemaText };
}

/** @throws PolicySetInvalid for anything less than a strict validation without one error or warning. */
export function checkPolicySet({ policiesText, schemaText }: PolicySources): PolicySetFile {
  const schema = schemaToJson(schemaText);
  if (schema.type === 'failure') throw invalid('the schema does not parse', schema.errors);
  if (schema.warnings.length > 0) throw invalid('the schema has warnings', schema.warnings);

  const policies = byName(policiesText);
  const answer = validate({
    schema: schemaText,
    policies: { staticPolicies: policies },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw invalid('the policies do not validate', [...answer.errors, ...answer.warnings]);
  const complaints = [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) => ({
    ...error,
    message: `${policyId}: ${error.message}`,
  }));
  if (complaints.length + answer.otherWarnings.length > 0)
    throw invalid('the policies do not validate', [...complaints, ...answer.otherWarnings]);
  return {
    policiesText,
    schemaText,
    policies,
    policySetDigest: sha256(policiesText),
    schemaDigest: sha256(schemaText),
  };
}

function byName(text: string): Record<string, string> {
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure') throw invalid('the policies do not parse', parts.errors);
  if (parts.policy_templates.length > 0)
    throw new PolicySetInvalid('templates are not used here: write the policy out');
  if (parts.policies.length === 0) throw new PolicySetInvalid('the policy set is empty');
  const named = new Map<string, string>();
  for (const policy of parts.policies) {
    const json = policyToJson(policy);
    if (json.type === 'failure') throw invalid('a policy does not parse', json.errors);
    const id = json.json.annotations?.id;
    if (!id) throw new PolicySetInvalid(`every policy needs an @id("…"); this one has none: ${policy.slice(0, 120)}`);
    if (named.has(id)) throw new PolicySetInvalid(`two policies share @id("${id}"); rename one`);
    named.set(id, policy);
  }
  return Object.fromEntries(named);
}

function invalid(what: string, errors: readonly DetailedError[]): PolicySetInvalid {
  const list = errors.map((e) => (e.help ? `${e.message} (${e.help})` : e.message));
  return new PolicySetInvalid(`${what}: ${list.join('; ')}; fix config/policies and start again`);
}
