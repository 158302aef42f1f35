import type { SeededAsset } from '../types.ts';

type SeededFinding = SeededAsset['posture']['findings'][number];

/** Posture facts that catalogue lines put together. Titles are what a CNAPP would print. */
export const log4shell: SeededFinding = {
  kind: 'vulnerability',
  title: 'Remote code execution in a logging library (CVE-2021-44228)',
  severity: 'CRITICAL',
  cve: 'CVE-2021-44228',
  kev: true,
  exploit: true,
};
export const regreSshion: SeededFinding = {
  kind: 'vulnerability',
  title: 'Signal handler race in OpenSSH (CVE-2024-6387)',
  severity: 'HIGH',
  cve: 'CVE-2024-6387',
  kev: false,
  exploit: true,
};
export const exposedAdmin: SeededFinding = {
  kind: 'toxic-combination',
  title: 'Publicly exposed virtual machine with high privileges',
  severity: 'CRITICAL',
};
export const exposedVm: SeededFinding = {
  kind: 'toxic-combination',
  title: 'Publicly exposed virtual machine with an exploitable vulnerability',
  severity: 'HIGH',
};
export const staleVm: SeededFinding = {
  kind: 'toxic-combination',
  title: 'Virtual machine without endpoint protection',
  severity: 'MEDIUM',
};
export const imdsV1: SeededFinding = {
  kind: 'misconfiguration',
  title: 'Instance metadata service version 1 is allowed',
  severity: 'MEDIUM',
};
export const unencrypted: SeededFinding = {
  kind: 'misconfiguration',
  title: 'Volume is not encrypted with a customer-managed key',
  severity: 'LOW',
};
export const plainHttp: SeededFinding = {
  kind: 'misconfiguration',
  title: 'Load balancer listener accepts plain HTTP',
  severity: 'MEDIUM',
};
export const personalData: SeededFinding = {
  kind: 'misconfiguration',
  title: 'Personal data found on a disk without a retention rule',
  severity: 'HIGH',
};
export const beacon: SeededFinding = {
  kind: 'threat',
  title: 'Outbound connection to a known mining pool',
  severity: 'HIGH',
};
