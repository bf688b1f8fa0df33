import type { Reporter, TestModule, SerializedError } from 'vitest/node'

/**
 * Ends the run with `N passed, N failed[, N skipped]`, alone on the last line: what CI reads.
 * A module that fails to load, or an unhandled error, counts as a failure of its own.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<SerializedError>,
  ): void {
    let passed = 0
    let failed = unhandledErrors.length
    let skipped = 0
    for (const module of modules) {
      failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
        else skipped++
      }
    }
    // The default reporter still prints its own summary in this hook: leave the last word to this line.
    process.once('exit', () =>
      process.stdout.write(
        `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
      ),
    )
  }
}
