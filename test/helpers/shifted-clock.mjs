// Loaded before anything else (`node --import`): moves what Node calls now by IDLEWISE_CLOCK_OFFSET_MS. Timers and
// performance.now() go on as they are, so that nothing waits longer. Programs other than Node keep the machine's clock.
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
