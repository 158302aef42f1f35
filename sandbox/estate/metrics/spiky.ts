import { noise } from '../random.ts';
import { idle } from './idle.ts';
import { between, type LoadShape, MB, weekday } from './shape.ts';

/** Mean below 5 %, with one hour a day at 70 to 99 %: what an average hides. */
export const dailySpike: LoadShape = spike((key, hour) => hour % 24 === key % 24);

/** The same once a week. */
export const weeklySpike: LoadShape = spike((key, hour) => hour % 24 === key % 24 && weekday(hour) === key % 7);

function spike(now: (key: number, hour: number) => boolean): LoadShape {
  return {
    cpu: (key, hour) => (now(key, hour) ? between(noise(key, hour), 70, 99) : idle.cpu(key, hour)),
    bytes: (key, hour) => (now(key, hour) ? between(noise(key, hour, 1), 80, 300) * MB : idle.bytes(key, hour)),
  };
}
