import type { IncomingMessage } from 'node:http';
import type { Teams } from '../../providers/chat/teams/section.ts';
import { sha256 } from '../../schemas/digest.ts';
import type { CacheStore } from '../../ports/store.ts';
import type { Admitted } from '../chat/interaction.ts';
import type { RefusalCode } from '../../decisions/refusals.ts';
import { type NotAdmitted, one, readBody, takeDelivery } from '../chat/request.ts';
import { type Activity, isActivity, parseActivity } from './activity.ts';
import type { TokenCheck } from './token.ts';

export type Admission = ({ readonly admitted: true; readonly activity: Activity } & Admitted) | NotAdmitted;

export interface Gate {
  /** Decides whether a request is an activity that the Teams service sent to our bot just now, for the first time. */
  admit(request: IncomingMessage): Promise<Admission>;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Token, service URL, freshness both ways, and replay. The token proves the Teams service and is used for many activities
 * until it expires; it does not cover the body. So an activity has an age of its own here, and its id counts once.
 */
export function createGate(deps: {
  config: Pick<Teams, 'allowedServiceHosts'>;
  checkToken: (authorization: string) => Promise<TokenCheck>;
  cache: Pick<CacheStore, 'claim'>;
  now: () => number;
  maxSkewSeconds: number;
  replayMemoryMs: number;
}): Gate {
  return {
    admit: async (request) => {
      const body = await readBody(request);
      const authorization = one(request.headers.authorization);
      const requestHash = sha256(`${authorization}\n${body === null ? '' : sha256(body)}`);
      const refused = (reason: RefusalCode, detail: string, status: NotAdmitted['status'] = 401): Admission => ({
        admitted: false,
        status,
        reason,
        detail,
        requestHash,
      });
      if (body === null) return refused('malformed', 'the body is too large', 413);

      const token = await deps.checkToken(authorization);
      if ('refused' in token) return refused(token.refused, token.detail, token.status);
      const activity = parseActivity(body);
      if (!isActivity(activity)) {
        const { field, found, fix } = activity;
        return refused('malformed', `the body is no activity: field ${field}: found ${found}; ${fix}`, 400);
      }
      if (!sameUrl(token.serviceUrl, activity.serviceUrl))
        return refused('bad-signature', 'the token is for another service URL');
      if (!allowedHost(activity.serviceUrl, deps.config.allowedServiceHosts))
        return refused('bad-signature', 'the service URL is not on an allowed host');

      const age = (deps.now() - Date.parse(activity.timestamp)) / 1000;
      if (Number.isNaN(age)) return refused('malformed', 'the activity has no time', 400);
      if (age > deps.maxSkewSeconds) return refused('stale-timestamp', `${Math.round(age)} s old`);
      if (-age > deps.maxSkewSeconds) return refused('future-timestamp', `${Math.round(-age)} s ahead`);
      const key = `teams-request/${sha256(`${activity.conversation.id}\n${activity.id}`)}`;
      const delivery = await takeDelivery(deps.cache, key, { now: deps.now, rememberMs: deps.replayMemoryMs });
      if (delivery === 'replayed') return refused(delivery, activity.id.slice(0, 100));
      return { admitted: true, activity, requestHash, delivery: delivery === 'unknown' ? null : delivery };
    },
  };
}

function sameUrl(a: string, b: string): boolean {
  const plain = (url: string) => url.replace(/\/+$/, '').toLowerCase();
  return plain(a) === plain(b);
}

function allowedHost(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, protocol } = new URL(address);
  return hosts.includes(hostname) && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname)));
}
