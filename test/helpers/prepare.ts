/** Finds or builds every server the tests need, one line per part, before the first test runs. */
import { pythonVenv } from '../../sandbox/servers/python-venv.ts';
import { resolveMongo } from '../../sandbox/servers/resolve-mongo.ts';
import { resolveTemporal } from '../../sandbox/servers/resolve-temporal.ts';

const log = (line: string) => console.log(line);
try {
  await resolveTemporal(log);
  await resolveMongo(log);
  await pythonVenv(log);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
