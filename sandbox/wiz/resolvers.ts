import type { Estate, SeededAsset } from '../estate/types.ts';
import { configurationRows, exposureRows, type FindingContext, issueRows, vulnerabilityRows } from './findings.ts';
import { type Arguments, GraphqlFailure, type Resolver } from './graphql.ts';
import { iso, resourceRow, uuid } from './inventory.ts';
import { malformedRows } from './malformed.ts';
import { connection } from './paging.ts';
import type { createScanDesk } from './scans.ts';
import type { WizState } from './state.ts';
import type { Row } from './types.ts';

export interface ResolverContext {
  readonly estate: Estate;
  readonly state: WizState;
  readonly scans: ReturnType<typeof createScanDesk>;
  readonly clock: () => number;
  readonly untidyPages: boolean;
  readonly malformed: boolean;
}

/** The root fields this simulator answers. */
export function createResolvers(c: ResolverContext): Readonly<Record<string, Resolver>> {
  const seenOf = (asset: SeededAsset) => {
    const seen = c.state.observations[uuid(c.estate.seed, asset.name)];
    return seen && seen.from <= c.clock() ? seen : undefined;
  };
  const row = (asset: SeededAsset): Row =>
    resourceRow({ estate: c.estate, asset, seen: seenOf(asset), now: c.clock() });
  const findings = (make: (f: FindingContext) => Row[]): Row[] =>
    c.estate.assets.flatMap((asset) =>
      make({ estate: c.estate, asset, seen: seenOf(asset), notesOf: (id) => c.state.notes[id] ?? [] }),
    );
  const issue = (id: unknown): Row => {
    const found = findings(issueRows).find((i) => i['id'] === id);
    if (!found) throw new GraphqlFailure('NOT_FOUND', 'Resource not found');
    return found;
  };

  return {
    cloudResourcesV2: (args) => {
      const rows = [...c.estate.assets.map(row), ...(c.malformed ? malformedRows(c.estate, c.clock()) : [])];
      const filter = pick(args, 'filterBy');
      const wanted = rows.filter((r) => matchesInventory(r, filter));
      return connection(wanted, args, c.untidyPages);
    },
    cloudResourceV2: (args) => {
      const asset = c.estate.assets.find((a) => uuid(c.estate.seed, a.name) === args['id']);
      if (!asset) throw new GraphqlFailure('NOT_FOUND', 'Resource not found');
      return row(asset);
    },
    issuesV2: (args) => {
      const filter = pick(args, 'filterBy');
      const entity = pick(filter, 'relatedEntity');
      const after = pick(filter, 'resolvedAt')['after'];
      const rows = findings(issueRows).filter(
        (i) =>
          within(filter['id'], i['id']) &&
          within(filter['status'], i['status']) &&
          within(filter['severity'], i['severity']) &&
          within(entity['ids'] ?? entity['id'], (i['entitySnapshot'] as Row)['id']) &&
          (after === undefined || String(i['resolvedAt'] ?? '') >= String(after)),
      );
      return connection(rows, args);
    },
    issue: (args) => issue(args['id']),
    configurationFindings: (args) => {
      const filter = pick(args, 'filterBy');
      const rows = findings(configurationRows).filter(
        (f) =>
          within(pick(filter, 'resource')['id'], (f['resource'] as Row)['id']) &&
          within(filter['status'], f['status']) &&
          within(filter['result'], f['result']),
      );
      return connection(rows, args);
    },
    vulnerabilityFindings: (args) => {
      const filter = pick(args, 'filterBy');
      const rows = findings(vulnerabilityRows).filter(
        (f) =>
          within(pick(filter, 'assetIdV2')['equals'], (f['vulnerableAsset'] as Row)['id']) &&
          within(filter['status'], f['status']),
      );
      return connection(rows, args);
    },
    networkExposures: (args) => {
      const filter = pick(args, 'filterBy');
      const ids = pick(filter, 'exposedEntity')['id'];
      const assets = c.estate.assets.filter((a) => within(ids, uuid(c.estate.seed, a.name)));
      const rows = assets
        .flatMap((asset) => exposureRows({ estate: c.estate, asset, seen: seenOf(asset), notesOf: () => [] }))
        .filter((e) => within(filter['type'], e['type']));
      return connection(rows, args);
    },
    requestConnectorEntityScan: (args) => c.scans.request(String(pick(args, 'input')['id'])),
    systemActivity: (args) => c.scans.activity(String(args['id'])),
    createIssueNote: (args) => {
      const input = pick(args, 'input');
      const issueId = String(issue(input['issueId'])['id']);
      const notes = (c.state.notes[issueId] ??= []);
      const note = {
        id: uuid(c.estate.seed, `note/${issueId}/${notes.length}`),
        text: String(input['text']),
        createdAt: iso(c.clock()),
      };
      notes.push(note);
      c.state.save();
      return { issueNote: { ...note, updatedAt: note.createdAt } };
    },
  };
}

function matchesInventory(row: Row, filter: Arguments): boolean {
  const account = pick(pick(filter, 'cloudAccountV2'), 'externalId')['equals'];
  return (
    within(pick(filter, 'type')['equals'], row['type']) &&
    within(account, (row['cloudAccount'] as Row)['externalId']) &&
    within(pick(filter, 'region')['equals'], row['region']) &&
    within(pick(filter, 'providerUniqueId')['equals'], row['providerUniqueId']) &&
    (filter['includeDeleted'] === true || row['deletedAt'] === null)
  );
}

function pick(from: Arguments, key: string): Arguments {
  return (from[key] ?? {}) as Arguments;
}

/** True when nothing was asked for, or the value is among what was asked for. */
function within(wanted: unknown, value: unknown): boolean {
  if (wanted === undefined || wanted === null) return true;
  return Array.isArray(wanted) ? wanted.includes(value) : wanted === value;
}
