import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { SEARCH_ATTRIBUTES } from '../../../sandbox/servers/start-temporal.ts';
import { WORKER_ROLES } from '../../../compose/task-queues.ts';

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  env_file?: { path: string; required: boolean }[];
  volumes?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = readFileSync(join(root, 'docker-compose.temporal.yml'), 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, null> };
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

test('it has Temporal on PostgreSQL with its UI, MongoDB, moto, every worker and the apps', () => {
  const parts = ['postgresql', 'temporal', 'temporal-ui', 'mongodb', 'moto', 'slack', 'teams', 'http'];
  for (const name of [...parts, ...WORKER_ROLES.map((role) => `worker-${role}`)])
    assert.ok(compose.services[name], `${name} is missing`);
  for (const role of WORKER_ROLES)
    assert.deepEqual(compose.services[`worker-${role}`]?.command, ['workers/main.ts', role]);
});

test('every image is pinned to a version', () => {
  const images = services.map(([, service]) => service.image ?? '');
  const base = /^FROM (\S+)/m.exec(dockerfile)?.[1] ?? '';
  for (const image of [...images, base]) assert.match(image, /^[\w./-]+:\d+\.\d+(\.\d+)*(-[\w.-]+)?$/, image);
});

test('every path it builds, runs or mounts is there, and what runs is in the image', () => {
  for (const [name, { build = '', command = [], volumes = [] }] of ours) {
    assert.ok(existsSync(join(root, build, 'Dockerfile')), `${name}: no Dockerfile`);
    const [entry = ''] = command;
    assert.ok(existsSync(join(root, entry)), `${name}: ${entry} does not exist`);
    assert.match(dockerfile, new RegExp(`^COPY ${entry.split('/')[0]} `, 'm'), `${name}: ${entry} is not in the image`);
    for (const volume of volumes) {
      const file = /^\$\{\w+:-(\.\/[^}]+)\}/.exec(volume)?.[1];
      if (file) assert.ok(existsSync(join(root, file)), `${name}: ${file} does not exist`);
    }
  }
  for (const [, source] of dockerfile.matchAll(/^COPY (.+) \S+$/gm))
    for (const path of source?.split(' ') ?? []) assert.ok(existsSync(join(root, path)), `${path} does not exist`);
});

test('the image runs the Node that the project pins', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { node: string };
  };
  assert.ok(dockerfile.includes(`FROM node:${devDependencies.node}-`));
});

test('what is waited for exists and says when it is ready', () => {
  for (const [name, { depends_on = {} }] of services)
    for (const [other, { condition }] of Object.entries(depends_on)) {
      assert.ok(compose.services[other], `${name} waits for ${other}`);
      if (condition === 'service_healthy')
        assert.ok(compose.services[other]?.healthcheck, `${other} has no health check`);
    }
});

test('every named volume is declared', () => {
  for (const [name, { volumes = [] }] of services)
    for (const volume of volumes.filter((v) => /^[a-z]/.test(v)))
      assert.ok((volume.split(':')[0] ?? '') in compose.volumes, `${name}: ${volume}`);
});

test('the namespace gets exactly the search attributes that the workflows set', () => {
  const values = (flag: string) =>
    (compose.services['temporal-search-attributes']?.command ?? [])
      .filter((word) => word.startsWith(`--${flag}=`))
      .map((word) => word.slice(flag.length + 3));
  const types = values('type');
  assert.deepEqual(Object.fromEntries(values('name').map((name, i) => [name, types[i]])), SEARCH_ATTRIBUTES);
});

test('each process has secrets of its own, none is written down, and nothing listens beyond this machine', () => {
  const files = ours.map(([, service]) => service.env_file?.[0]?.path);
  assert.equal(new Set(files).size, ours.length);
  for (const [name, { environment = {} }] of ours)
    assert.deepEqual(Object.keys(environment), ['IDLEWISE_CONFIG'], name);
  for (const [, { ports = [] }] of services) for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
});
