/** OCSF severity_id: 1 informational … 5 critical, 0 a word we do not know. The two APIs spell them in different cases. */
export function severityId(word: string | null | undefined): number {
  switch (word?.toLowerCase()) {
    case 'informational':
    case 'info':
    case 'negligible':
    case 'unimportant':
      return 1;
    case 'low':
      return 2;
    case 'medium':
    case 'moderate':
      return 3;
    case 'high':
    case 'important':
      return 4;
    case 'critical':
      return 5;
    default:
      return 0;
  }
}

/** OCSF status_id: 1 new, 2 in progress, 3 suppressed, 4 resolved, 0 a word we do not know. */
export function statusId(word: string | null | undefined): number {
  switch (word?.toLowerCase()) {
    case 'open':
      return 1;
    case 'pending_resolution':
      return 2;
    case 'snoozed':
    case 'dismissed':
    case 'suppressed':
      return 3;
    case 'resolved':
      return 4;
    default:
      return 0;
  }
}
