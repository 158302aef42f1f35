import { Issue, Transitions } from '../../../providers/tickets/jira/wire.ts';
import type { VendorReaders } from '../reader.ts';
import { listIn, listReader, noReader, one, rowsBy } from '../vendor-rows.ts';

const issues = (body: unknown) => listIn(body, 'issues') ?? (Array.isArray(body) ? (body as unknown[]) : [body]);

export const jira: VendorReaders = {
  vendor: 'jira',
  readers: [
    listReader(/^GET \/rest\/api\/\d\/issue\/\{key\}( or search)?$/, issues, rowsBy(Issue, 'jira', 'issue')),
    listReader(/\(transitions\)/, one, rowsBy(Transitions, 'jira', 'transitions')),
  ],
  unread: [
    ...noReader('of a webhook only the key counts, and the issue is read again', /^webhook body/),
    ...noReader('the screen of creation is not asked for', /createmeta/),
    ...noReader('organisations and links are not asked for', /servicedeskapi/, /remotelink/),
    ...noReader('an answer we do not read', /^POST \/rest\/api\/\d\/issue/, /^(GET|PUT|DELETE) \/rest\/… \(/),
  ],
};
