import type { Finding } from '../../../schemas/posture.ts';
import type { Readings, RejectedRow } from '../../../ports/rows.ts';
import { readRows, textOf } from '../../rows.ts';
import { type AssetNames, concerns, type Entities, entitiesOf, mentions } from './alert-entities.ts';
import { ALERTS, type Alert, alertFinding, isClosed, readAlert, wordsOf } from './alert-row.ts';
import { createCache } from './cache.ts';
import { at } from './fields.ts';
import type { Reader } from './reading.ts';
import { searchAll, weeksOf } from './search.ts';

export interface Alerts {
  /** Alerts that name the asset, as findings: detections, and violations the vendor raised an alert for. */
  about(names: AssetNames): Promise<Readings<Finding>>;
}

const READ_ALERTS = 'read alerts';

/**
 * Alerts cannot be searched by resource, so the list is read as a whole and matched here: by the text of each alert, and for
 * threats by the entities in their details. Details are read once per alert as long as it does not change.
 */
export function createAlerts(reader: Reader & { readonly clock: () => number }): Alerts {
  const { client, config, clock, maxPages } = reader;
  const list = createCache<Readings<Alert>>(config.alertsFor, clock);
  const details = new Map<string, { readonly version: string; readonly entities: Entities }>();

  const readList = async (): Promise<Readings<Alert>> => {
    const now = clock();
    const alerts = new Map<string, Alert>();
    const rejected: RejectedRow[] = [];
    for (const span of weeksOf({ from: now - config.history, to: now })) {
      const search = { path: 'Alerts/search', permission: READ_ALERTS, span, filters: [] };
      const read = readAlertRows(await searchAll(client, search, maxPages));
      for (const alert of read.rows) if (!alerts.has(alert.alertId)) alerts.set(alert.alertId, alert);
      rejected.push(...read.rejected);
    }
    for (const id of details.keys()) if (!alerts.has(id)) details.delete(id);
    return { rows: [...alerts.values()], rejected };
  };

  const entitiesFor = async (alert: Alert): Promise<Entities | null> => {
    const known = details.get(alert.alertId);
    // A closed alert names what it named when it was open; only open ones are worth a request.
    if (isClosed(alert) || !wantsDetails(alert, config.detailsFor)) return known?.entities ?? null;
    const version = `${alert.status}/${alert.endTime}`;
    if (known?.version === version) return known.entities;
    const path = `Alerts/${encodeURIComponent(alert.alertId)}?scope=Details`;
    const answer = await client.call({ method: 'GET', path, permission: READ_ALERTS });
    const entities = entitiesOf(at(answer, 'data.entityMap'));
    details.set(alert.alertId, { version, entities });
    return entities;
  };

  return {
    about: async (names) => {
      const { rows: alerts, rejected } = await list('', readList);
      const found: Finding[] = [];
      for (const alert of alerts) {
        const entities = mentions(wordsOf(alert), names) ? null : await entitiesFor(alert);
        if (mentions(wordsOf(alert), names) || (entities !== null && concerns(entities, names)))
          found.push(alertFinding(alert));
      }
      // An alert that cannot be read may be about any asset.
      return { rows: found, rejected };
    },
  };
}

export function readAlertRows(nodes: readonly unknown[]): Readings<Alert> {
  return readRows(nodes, { ...ALERTS, read: readAlert, idOf: (node) => textOf(node, 'alertName') });
}

/** Alerts without a category may be anything. */
function wantsDetails(alert: Alert, categories: readonly string[]): boolean {
  const category = alert.derivedFields?.category;
  return !category || categories.includes(category);
}
