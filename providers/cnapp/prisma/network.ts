import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { CspmClient } from './cspm-client.ts';
import { failure } from './errors.ts';
import { LooseText } from './rows.ts';

const Some = z
  .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])
  .nullish()
  .catch(null)
  .transform((value) => [value ?? []].flat().map(String));
const Rule = z.object({ access: LooseText, direction: LooseText, ips: Some, ports: Some });
const ANYWHERE = /(^|[\s,;[])(0\.0\.0\.0\/0|::\/0|\*|any|internet)($|[\s,;\]])/i;

/** Ports that rules open to any address, e.g. `22`, `8000-8100`; `unknown` where a rule names none. Null: no rules are known. */
export async function readOpenPorts(cspm: CspmClient, rrn: unknown): Promise<readonly string[] | null> {
  const operation = 'resource-network';
  const answer = (await cspm.call({ operation, path: '/resource/network', body: { rrn } })) ?? [];
  if (!Array.isArray(answer)) throw failure(operation, Kind.Malformed, 'the answer must be a list of rules');
  if (answer.length === 0) return null;
  const ports = answer.flatMap((node) => {
    const rule = Rule.safeParse(node).data;
    // A rule we cannot read may let anybody in.
    if (!rule) return ['unknown'];
    const away = /out|egress/i.test(rule.direction ?? '');
    const refused = /deny|block|reject|drop/i.test(rule.access ?? '');
    const anyone = rule.ips.length === 0 || rule.ips.some((ip) => ANYWHERE.test(ip));
    if (away || refused || !anyone) return [];
    return rule.ports.length === 0 ? ['unknown'] : rule.ports.flatMap((p) => p.split(',').map((text) => text.trim()));
  });
  return [...new Set(ports)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * A way in needs a rule that lets anybody in and an address to come to. Where the rule is there and the configuration
 * shows no address of its own, something in front of it may still lead there: that is not known.
 */
export function exposure(openPorts: readonly string[] | null, publicAddress: boolean | null): boolean | null {
  if (openPorts === null) return null;
  if (openPorts.length === 0) return false;
  return publicAddress === false ? null : true;
}
