import { parseArgs } from 'node:util'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { startEcho } from './echo.ts'

endWithNpm()
try {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  })
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port ${values.port}: expected a port, 0 to 65535 (0 takes any free one)`)
  }
  const echo = await startEcho({ port, host: values.host })
  process.stdout.write(`Echo service: ${echo.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void echo[Symbol.asyncDispose]())
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message.split('\n')[0]}\n`)
  process.exitCode = 1
}
