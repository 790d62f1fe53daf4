// Loaded by `node --import` into a process whose clock is to be wrong: DROVER_TEST_CLOCK_MS is added to it.
const shift = Number(process.env['DROVER_TEST_CLOCK_MS'] ?? 0);
const RightDate = globalThis.Date;
globalThis.Date = class Date extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + shift);
    else super(...given);
  }
  static now() {
    return RightDate.now() + shift;
  }
};
