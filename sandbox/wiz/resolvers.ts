import type { Estate, SeededAsset } from '../estate/types.ts';
import { opportunityRows } from './cost.ts';
import { matchesDetection, matchesInventory, matchesOpportunity, pick, within } from './filters.ts';
import {
  configurationRows,
  detectionRows,
  exposureRows,
  type FindingContext,
  issueRows,
  vulnerabilityRows,
} from './findings.ts';
import { GraphqlFailure, type Resolver } from './graphql.ts';
import { imageRows, imageVulnerabilityRows } from './images.ts';
import { iso, resourceRow, uuid } from './inventory.ts';
import { malformedRows } from './malformed.ts';
import { connection } from './paging.ts';
import type { createScanQueue } from './scans.ts';
import type { WizState } from './state.ts';
import type { Row, WizSimulatorOptions } from './types.ts';

export interface ResolverContext {
  readonly estate: Estate;
  readonly state: WizState;
  readonly scans: ReturnType<typeof createScanQueue>;
  readonly clock: () => number;
  readonly untidyPages: boolean;
  readonly malformed: boolean;
  readonly cloudCost: boolean;
  readonly ruleTags: NonNullable<WizSimulatorOptions['ruleTags']>;
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
      make({
        estate: c.estate,
        asset,
        seen: seenOf(asset),
        notesOf: (id) => c.state.notes[id] ?? [],
        tagsOf: (name) => c.ruleTags[name] ?? [],
      }),
    );
  const issue = (id: unknown): Row => {
    const found = findings(issueRows).find((i) => i['id'] === id);
    if (!found) throw new GraphqlFailure('NOT_FOUND', 'Resource not found');
    return found;
  };

  return {
    cloudResourcesV2: (args) => {
      const rows = [
        ...c.estate.assets.map(row),
        ...imageRows(c.estate),
        ...(c.malformed ? malformedRows(c.estate, c.clock()) : []),
      ];
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
      const rows = [...findings(vulnerabilityRows), ...imageVulnerabilityRows(c.estate)].filter(
        (f) =>
          within(pick(filter, 'assetIdV2')['equals'], (f['vulnerableAsset'] as Row)['id']) &&
          within(filter['status'], f['status']),
      );
      return connection(rows, args);
    },
    networkExposures: (args) => {
      const filter = pick(args, 'filterBy');
      const ids = pick(filter, 'exposedEntity')['id'];
      const rows = findings((f) => (within(ids, uuid(c.estate.seed, f.asset.name)) ? exposureRows(f) : [])).filter(
        (e) => within(filter['type'], e['type']),
      );
      return connection(rows, args);
    },
    detections: (args) => {
      const filter = pick(args, 'filterBy');
      return connection(
        findings(detectionRows).filter((d) => matchesDetection(d, filter)),
        args,
      );
    },
    cloudCostSettings: () => ({ enabled: c.cloudCost, collectUsageMetrics: c.cloudCost }),
    cloudCostOpportunities: (args) => {
      const filter = pick(args, 'filterBy');
      const rows = opportunityRows(c.estate, (asset) => seenOf(asset)?.state === 'gone');
      return connection(
        rows.filter((o) => c.cloudCost && matchesOpportunity(o, filter)),
        args,
      );
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
