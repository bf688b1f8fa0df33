import { parseArgs } from 'node:util'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { startEcho } from './echo.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    host: { type: 'string', default: '127.0.0.1' },
  },
})
endWithNpm()
const echo = await startEcho({ port: Number(values.port), host: values.host })
process.stdout.write(`Echo service: ${echo.url}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void echo[Symbol.asyncDispose]())
}
