/**
 * Timers as they were when this was loaded: a test that fakes those of its own (`vi.useFakeTimers()`) must not stop the mock that
 * runs in the same process.
 */
export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis
const { performance } = globalThis
/** Milliseconds of a clock that only goes forward. */
export const elapsed = performance.now.bind(performance)
