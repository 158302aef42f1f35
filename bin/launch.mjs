// Plain JavaScript without dependencies: it runs before anything is installed, on the Node the machine happens to have.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST = 20;
const WANTED = 24;
const marker = join(root, 'node_modules', '.idlewise-lock');
const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Installs what is missing and returns the Node that runs TypeScript. Ends the process with one clear line if it cannot.
 * `development: false`: an installation without development dependencies is complete, and stays as it is.
 */
export function prepare({ development = true } = {}) {
  if (majorOf(process.versions.node) < OLDEST)
    fail(`Node ${OLDEST} or newer is needed, found ${process.versions.node}. Install it from https://nodejs.org.`);
  const lock = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  // What was installed and which Node was found to work: asking again at every command would take longer than most of them.
  const [installed, found, extent] = existsSync(marker) ? readFileSync(marker, 'utf8').split('\n') : [];
  const enough = installed === hash && (extent === 'all' || !development);
  if (enough && found !== undefined && existsSync(found)) return found;
  const whole = isInstalled(JSON.parse(lock), true);
  if (!whole && (development || !isInstalled(JSON.parse(lock), false))) install();
  const node = findNode();
  try {
    writeFileSync(marker, `${hash}\n${node}\n${whole || development ? 'all' : 'production'}`);
  } catch {
    // An installation that may not be written to is looked at again each time.
  }
  return node;
}

/** Runs a command in the project root with our terminal, passes signals on, and resolves with its exit code. */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  const forward = (signal) => {
    // In a terminal, Ctrl-C reaches the child by itself; a second one would look like impatience.
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    const done = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      done(127);
    });
    child.on('exit', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** Environment in which `node` and the tools of the project come first. */
export function toolEnvironment() {
  const bin = [dirname(pinnedNode), join(root, 'node_modules', '.bin')].join(':');
  return { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };
}

/** Runs a TypeScript entry with the arguments of this process, and ends with its exit code. */
export async function runEntry(entry, { args = process.argv.slice(2), development = true } = {}) {
  const node = prepare({ development });
  // Node keeps what it has compiled, and what it has made of TypeScript, for the next start.
  const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'), ...process.env };
  process.exit(await run(node, [join(root, entry), ...args], { cwd: process.cwd(), env }));
}

/** Is everything of the lock file there, in that version? What npm installed by hand counts as well. */
function isInstalled(lock, development) {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const there = JSON.parse(readFileSync(hidden, 'utf8')).packages ?? {};
  return Object.entries(lock.packages).every(
    ([path, wanted]) =>
      path === '' || wanted.optional || (!development && wanted.dev) || there[path]?.version === wanted.version,
  );
}

function install() {
  const production = process.env.NODE_ENV === 'production';
  console.error('Installing dependencies (npm ci), once ...');
  if (npm('ci', ...(production ? ['--omit=dev'] : []))) return;
  // In production another set of versions than the lock file's is worse than none.
  if (production)
    fail('Dependencies could not be installed as the lock file says, see above. Nothing else is tried in production.');
  // A lock file written where some platform's packages were not to be had makes `npm ci` refuse; the versions still hold.
  console.error('npm ci failed, see above; trying npm install with the same lock file ...');
  if (npm('install', '--no-save')) return;
  fail(
    'Dependencies could not be installed, see above. Check that the package registry can be reached, then try again.',
  );
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  return spawnSync(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], options).status === 0;
}

/** The pinned Node, made if install scripts were blocked; else the running one when it is new enough. */
function findNode() {
  if (works(pinnedNode)) return pinnedNode;
  if (majorOf(process.versions.node) >= WANTED) return process.execPath;
  const folder = join(root, 'node_modules', 'node');
  if (existsSync(join(folder, 'installArchSpecificPackage.js'))) {
    console.error(`Installing Node ${WANTED} into node_modules, once ...`);
    spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: ['ignore', 2, 2] });
  }
  if (works(pinnedNode)) return pinnedNode;
  return fail(
    `Node ${WANTED} is needed to run TypeScript: the npm package "node" could not install it, and the running Node is ${process.versions.node}.`,
  );
}

function works(node) {
  if (!existsSync(node)) return false;
  const result = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return result.status === 0 && majorOf(result.stdout.trim().slice(1)) >= WANTED;
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function fail(message) {
  console.error(message);
  return process.exit(1);
}
