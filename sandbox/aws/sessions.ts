import { randomBytes } from 'node:crypto';
import { AwsError } from './errors.ts';
import type { PolicyDocument } from './iam-policy.ts';
import { MANAGEMENT_ACCOUNT, type SandboxRole, SandboxUser } from './identities.ts';
import type { AwsCall } from './request.ts';
import type { Actor } from './state-log.ts';

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly accountId: string;
  readonly role: SandboxRole;
  readonly sessionName: string;
  readonly policy: PolicyDocument | null;
  readonly sourceIdentity: string | null;
  readonly tags: Readonly<Record<string, string>>;
  expiresAt: number;
}

export type Principal =
  | {
      readonly kind: 'user';
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
      readonly mayAssume: readonly SandboxRole[];
    }
  | { readonly kind: 'session'; readonly arn: string; readonly accountId: string; readonly session: Session };

export interface Sessions {
  issue(session: Omit<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>): Session;
  /** Who signed the call. Throws as the called service would for unknown, mismatched or expired credentials. */
  identify(call: AwsCall): Principal;
  expireAll(): void;
}

export function createSessions(): Sessions {
  const byKey = new Map<string, Session>();
  return {
    issue(parts) {
      const session: Session = {
        ...parts,
        accessKeyId: `ASIA${randomBytes(10).toString('hex').slice(0, 16).toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(96).toString('base64'),
      };
      byKey.set(session.accessKeyId, session);
      return session;
    },
    identify(call) {
      const user = Object.values(SandboxUser).find((u) => u.accessKeyId === call.accessKeyId);
      if (user) {
        const arn = `arn:aws:iam::${MANAGEMENT_ACCOUNT}:user/${user.userName}`;
        return { kind: 'user', arn, accountId: MANAGEMENT_ACCOUNT, userName: user.userName, mayAssume: user.mayAssume };
      }
      const session = byKey.get(call.accessKeyId);
      if (!session || session.sessionToken !== call.sessionToken) throw unknownCredentials(call);
      if (session.expiresAt <= Date.now()) throw expiredCredentials(call);
      const arn = `arn:aws:sts::${session.accountId}:assumed-role/${session.role}/${session.sessionName}`;
      return { kind: 'session', arn, accountId: session.accountId, session };
    },
    expireAll() {
      for (const session of byKey.values()) session.expiresAt = 0;
    },
  };
}

export function actorOf(principal: Principal): Actor {
  return principal.kind === 'user'
    ? { roleName: 'user', sessionName: principal.userName, sourceIdentity: null }
    : {
        roleName: principal.session.role,
        sessionName: principal.session.sessionName,
        sourceIdentity: principal.session.sourceIdentity,
      };
}

function unknownCredentials(call: AwsCall): AwsError {
  switch (call.protocol) {
    case 'ec2':
      return new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    case 'query':
      return new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    case 'json':
    case 'cbor':
      return new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
}

function expiredCredentials(call: AwsCall): AwsError {
  switch (call.protocol) {
    case 'ec2':
      return new AwsError('RequestExpired', 'Request has expired.');
    case 'query':
      return new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
    case 'json':
    case 'cbor':
      return new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
  }
}
