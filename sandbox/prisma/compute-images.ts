import { hexOf, keyOf } from '../estate/random.ts';
import type { Row } from './types.ts';

export const digestOf = (name: string): string => `sha256:${hexOf(keyOf(1, `digest/${name}`), 64)}`;

const log4j: Row = {
  cve: 'CVE-2021-44228',
  severity: 'critical',
  cvss: 10,
  status: 'fixed in 2.17.1',
  packageName: 'org.apache.logging.log4j_log4j-core',
  packageVersion: '2.14.1',
  discovered: '2026-01-05T08:00:00Z',
  exploit: 'cisa-kev',
};
const openssl: Row = {
  cve: 'CVE-2023-0286',
  severity: 'high',
  cvss: 7.4,
  status: 'fixed in 3.0.8',
  packageName: 'openssl',
  packageVersion: '3.0.1',
  discovered: '2026-01-05T08:00:00Z',
  exploit: '',
};
const odd: Row = { ...openssl, cve: 'CVE-2024-0001', severity: 'apocalyptic', exploit: 'exploit-db' };

function image(name: string, vulnerabilities: Row[], more: Row = {}): Row {
  const [repo = name, tag = 'latest'] = name.split(':');
  const id = `sha256:${hexOf(keyOf(1, `config/${name}`), 64)}`;
  return {
    _id: id,
    id,
    hostname: 'ip-10-0-0-1',
    repoTag: { registry: 'reg.acme.example', repo, tag },
    repoDigests: [`reg.acme.example/${repo}@${digestOf(name)}`],
    scanTime: '2026-01-06T08:00:00Z',
    err: '',
    vulnerabilities: vulnerabilities.length > 0 ? vulnerabilities : null,
    vulnerabilityDistribution: { total: vulnerabilities.length },
    vulnerabilitiesCount: vulnerabilities.length,
    ...more,
  };
}

/** Images that run somewhere, by `GET /images`. Enough others to need a second page. */
export const DEPLOYED: readonly Row[] = [
  ...Array.from({ length: 60 }, (_, n) => image(`shop/filler-${n}:1.0`, [])),
  image('shop/web:1.4', [log4j, openssl]),
  image('shop/broken:2.0', [], { err: 'failed to extract the image' }),
];

/** Images a registry scan knows, by `GET /registry`: there the digest is in the tag. */
export const REGISTRY: readonly Row[] = [
  image('shop/api:3.1', [openssl, odd], {
    repoDigests: [],
    repoTag: { registry: 'reg.acme.example', repo: 'shop/api', tag: '3.1', digest: digestOf('shop/api:3.1') },
  }),
  image('shop/clean:1.0', []),
];
