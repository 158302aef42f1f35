// A reporter for node:test that writes one JSON line per contract case: port, provider, case, result.
import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const contracts = fileURLToPath(new URL('../test/contract/', import.meta.url));

/** Folders whose tests are of one provider, or name it at the start of the file's name. */
const PROVIDER = {
  executor: ['cloud', () => 'aws'],
  'cloud-azure': ['cloud', () => 'azure'],
  'cloud-gcp': ['cloud', () => 'gcp'],
  'aws-endpoint': ['cloud', () => 'aws'],
  utilisation: ['utilisation', (file) => file],
  cnapp: ['cnapp', (file) => /^(prisma|orca|lacework)/.exec(file)?.[1] ?? 'wiz'],
  cost: ['cost', (file) => file.replace(/-.*$/, '').replace(/^cost$/, 'aws-cost-explorer')],
  slack: ['chat', () => 'slack'],
  teams: ['chat', () => 'teams'],
  chat: ['chat', (file) => file.replace(/-.*$/, '')],
  servicenow: ['tickets', () => 'servicenow'],
  tickets: ['tickets', (file) => file.replace(/-.*$/, '')],
  memory: ['memory', (file) => file],
  secrets: ['secrets', (file) => file],
  telemetry: ['telemetry', (file) => /^(datadog|opentelemetry|collector)/.exec(file)?.[1] ?? 'shipping'],
};

export default async function* contractReporter(source) {
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic') {
      // A suite tells of each of its cases by itself, those that were not run included.
      const told = /^(\w+) × (.+?) × (.+): (passed|failed|not run.*)$/.exec(data.message);
      if (told) yield line(told[1], told[2], told[3], told[4]);
      continue;
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (!data.file || data.details?.type === 'suite' || data.file.includes('/suites/')) continue;
    if (data.file.endsWith('suite.test.ts')) continue;
    const folder = basename(dirname(relative(contracts, data.file))) || 'other';
    const file = basename(data.file).replace(/\.test\.ts$/, '');
    const [port, providerOf] = PROVIDER[folder] ?? [folder, (name) => name];
    const skipped = data.skip !== undefined && data.skip !== false;
    const result = type === 'test:fail' ? 'failed' : skipped ? 'not run' : 'passed';
    yield line(port, providerOf(file), data.name, result);
  }
}

function line(port, provider, name, result) {
  return `${JSON.stringify({ port, provider, case: name, result })}\n`;
}
