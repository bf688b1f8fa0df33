import type { Reporter, TestModule, SerializedError } from 'vitest/node'

/**
 * Ends the run with `N passed, N failed[, N skipped]`, alone on the last line: what CI reads. Names what was skipped
 * before it. A module that fails to load, an unhandled error, or a set-up that fails counts as a failure of its own.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<SerializedError>,
  ): void {
    let passed = 0
    let failed = unhandledErrors.length
    const skipped: string[] = []
    for (const module of modules) {
      failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
        else skipped.push(`${module.project.name}: ${test.fullName}`)
      }
    }
    // The default reporter still prints its own summary in this hook: leave the last word to this line.
    process.once('exit', (code) => {
      if (code !== 0 && failed === 0) failed = 1
      const names = skipped.map((name) => `Skipped: ${name}\n`).join('')
      const count = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
      process.stdout.write(`\n${names}${passed} passed, ${failed} failed${count}\n`)
    })
  }
}
