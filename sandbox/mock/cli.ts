#!/usr/bin/env node
import { isTooOld, OLDEST_NODE } from './oldest-node.ts'

// What it needs is loaded after this: an older Node would end in the middle of it, with nothing but a stack.
if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `mock-moesif needs Node ${OLDEST_NODE} or later, this is ${process.versions.node}.\n`,
  )
  process.exitCode = 1
} else {
  const { runCommandLine } = await import('#mock-moesif/command-line.ts')
  const { startMockMoesif } = await import('./start-mock-moesif.ts')
  await runCommandLine(startMockMoesif)
}
