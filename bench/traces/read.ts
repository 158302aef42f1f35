import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** CPU in per cent of one machine, the highest of the twelve samples of each hour, oldest first. */
export interface Trace {
  readonly name: string;
  readonly values: readonly number[];
  /** Of the samples themselves. */
  readonly mean: number;
  readonly max: number;
}

const SAMPLES_AN_HOUR = 12;

/** EC2 series of the Numenta anomaly benchmark: `ec2_cpu_utilization_<id>.csv` with `timestamp,value`. */
export async function readNab(folder: string): Promise<Trace[]> {
  const names = (await readdir(folder))
    .filter((n) => n.startsWith('ec2_cpu_utilization_') && n.endsWith('.csv'))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
      return traceOf(
        name.slice('ec2_cpu_utilization_'.length, -'.csv'.length),
        lines.map((line) => line.split(',')[1] ?? ''),
      );
    }),
  );
}

/** PlanetLab: one folder per day, in it one file per machine with one number per line. */
export async function readPlanetLab(folder: string): Promise<{ day: string; traces: Trace[] }[]> {
  const days = (await readdir(folder)).filter((n) => /^\d{8}$/.test(n)).sort();
  return Promise.all(
    days.map(async (day) => {
      const names = (await readdir(join(folder, day))).sort();
      const traces = await Promise.all(
        names.map(async (name) =>
          traceOf(`${day}/${basename(name)}`, (await readFile(join(folder, day, name), 'utf8')).split('\n')),
        ),
      );
      return { day, traces: traces.filter((t) => t.values.length > 0) };
    }),
  );
}

function traceOf(name: string, texts: readonly string[]): Trace {
  const samples = texts
    .filter((t) => t.trim() !== '')
    .map(Number)
    .filter(Number.isFinite);
  const values = Array.from({ length: Math.ceil(samples.length / SAMPLES_AN_HOUR) }, (_, i) =>
    Math.max(...samples.slice(i * SAMPLES_AN_HOUR, (i + 1) * SAMPLES_AN_HOUR)),
  );
  return { name, values, mean: samples.reduce((a, b) => a + b, 0) / samples.length, max: Math.max(...samples) };
}
