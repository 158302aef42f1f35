/**
 * Records the histories that the replay test replays: `node test/replay/record.ts <version> [path…]`. Histories of open
 * runs outlive a change of the code, so an existing version is never overwritten: choose the next one.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HISTORIES, historyToPlain } from '../helpers/histories.ts';
import { startRig } from '../helpers/workflow.ts';
import { SCENARIOS } from './scenarios.ts';

const [version = '', ...chosen] = process.argv.slice(2);
if (!/^v\d+$/.test(version)) {
  console.error('usage: node test/replay/record.ts v<number> [path…]');
  process.exit(2);
}

const rig = await startRig();
try {
  mkdirSync(HISTORIES, { recursive: true });
  for (const name of chosen.length > 0 ? chosen : Object.keys(SCENARIOS)) {
    const scenario = SCENARIOS[name];
    if (!scenario) throw new Error(`no path "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
    const file = join(HISTORIES, `${name}.${version}.json`);
    if (existsSync(file)) throw new Error(`${file} exists: histories are kept; choose the next version`);
    const { workflowId, runId } = await scenario(rig);
    const handle = rig.client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    const stored = { workflowId, runId: (await handle.describe()).runId, history: historyToPlain(history) };
    writeFileSync(file, `${JSON.stringify(stored)}\n`);
    console.log(`${name}.${version}.json: ${history.events?.length} events`);
  }
} finally {
  await rig.stop();
}
