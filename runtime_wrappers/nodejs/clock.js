'use strict';
// CLOCK_REALTIME with microseconds. Date.now() has milliseconds alone; hrtime has more, but stands still in a snapshot, so
// it is set by the real time again whenever the two have come apart.

const { hrtime } = process;
const { now: milliseconds } = Date; // the user's tests may put fake clocks in place of the global ones
const LARGEST_DRIFT = 2000; // microseconds: Date.now() itself is cut to 1,000

let offset = milliseconds() * 1000 - monotonic();
let last = 0;

/** Microseconds since some moment, which nobody sets back. */
function monotonic() {
  const time = hrtime(); // by index: to take an array apart costs more than the clock
  return time[0] * 1e6 + Math.floor(time[1] / 1000);
}

/** Microseconds since the epoch, a safe integer. */
function microseconds() {
  const real = milliseconds() * 1000;
  let time = offset + monotonic();
  if (time - real > LARGEST_DRIFT || real - time > LARGEST_DRIFT) {
    offset += real - time;
    time = real;
  }
  // What follows is not before what it follows, unless the clock was really set back.
  if (time >= last || last - time > LARGEST_DRIFT) last = time;
  return last;
}

/** Nanoseconds since the epoch as decimal text: more than a JavaScript number holds. */
function nanoseconds() {
  return `${microseconds()}000`;
}

module.exports = { microseconds, milliseconds, nanoseconds };
