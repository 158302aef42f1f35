import { noise } from '../random.ts';
import { between, type LoadShape, MB } from './shape.ts';

/** Office-hours curve with a base that never sleeps. */
export const steady: LoadShape = {
  cpu: (key, hour) => 18 + 22 * day(hour) + between(noise(key, hour), 0, 18),
  bytes: (key, hour) => (8 + 60 * day(hour) + between(noise(key, hour, 1), 0, 20)) * MB,
};

/** Works, but on a machine several sizes too large: peaks of 8 to 14 %. */
export const light: LoadShape = {
  cpu: (key, hour) => 6 + 3 * day(hour) + between(noise(key, hour), 0, 5),
  bytes: (key, hour) => (4 + 8 * day(hour) + between(noise(key, hour, 1), 0, 3)) * MB,
};

function day(hour: number): number {
  return (1 + Math.sin((((hour % 24) - 8) / 24) * 2 * Math.PI)) / 2;
}
