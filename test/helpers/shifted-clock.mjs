import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before anything else (`node --import`): moves what Node calls now by IDLEWISE_CLOCK_OFFSET_MS, and with it the times
// of files, which the kernel writes. Timers and performance.now() go on as they are, so that nothing waits longer. Programs
// other than Node keep the machine's clock.
// oxlint-disable-next-line node/no-process-env -- the only way to reach every process of a test
const offset = Number(process.env.IDLEWISE_CLOCK_OFFSET_MS ?? '0');
const RealDate = globalThis.Date;

class ShiftedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offset;
  }
}

if (offset !== 0)
  globalThis.Date = new Proxy(ShiftedDate, {
    // `Date()` without `new` is the present as text.
    apply: () => new ShiftedDate().toString(),
  });

if (offset !== 0) {
  const { stat, utimes } = fs;
  fs.stat = async (...args) => {
    const stats = await stat(...args);
    if (typeof stats.mtimeMs === 'number') {
      stats.mtimeMs += offset;
      stats.mtime = new RealDate(stats.mtimeMs);
    }
    return stats;
  };
  fs.utimes = (path, ...times) => utimes(path, ...times.map((t) => new RealDate(new RealDate(t).getTime() - offset)));
  syncBuiltinESMExports();
}
