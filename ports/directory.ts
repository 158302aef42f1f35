/** A human being, whatever accounts they have. */
export interface DirectoryPerson {
  /** Verified e-mail address; the identity used in decisions, policies and the audit trail. */
  readonly subject: string;
  readonly displayName: string;
  /** `approvers`, `admins`, `finops`, or a team name. */
  readonly groups: readonly string[];
  readonly slackUserIds: readonly string[];
  /** Entra object ids, in lower case. */
  readonly teamsUserIds: readonly string[];
}

/** Who is who. Look-ups are exact; an unknown key is null, never a guess. */
export interface Directory {
  readonly people: readonly DirectoryPerson[];
  readonly finopsGroup: string;
  bySubject(subject: string): DirectoryPerson | null;
  /** Case-insensitive. The caller vouches that the address is verified. */
  byEmail(email: string): DirectoryPerson | null;
  bySlackUserId(id: string): DirectoryPerson | null;
  /** By Entra object id, whatever its case. Names and addresses people have in Teams lead to nobody. */
  byTeamsUser(aadObjectId: string): DirectoryPerson | null;
  /** Accepts the principal's name or its ARN. */
  byIamPrincipal(principal: string): DirectoryPerson | null;
  inGroup(group: string): readonly DirectoryPerson[];
}
