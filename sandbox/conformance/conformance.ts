/** `npm run conformance [-- OPTIONS]`: judges a Moesif filter in real Envoy. See docs/conformance.md. */
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { workWhereCalled } from '#mock-moesif/work-where-called.ts'
import { NOT_JUDGED, parseCommandLine, type ConformanceArguments } from './command-line.ts'
import { SCENES } from './scenes/index.ts'

endWithNpm()
workWhereCalled()
try {
  const parsed = parseCommandLine(
    process.argv.slice(2),
    SCENES.map(({ name }) => name),
  )
  process.exitCode = typeof parsed === 'number' ? parsed : await perform(parsed)
} catch (error) {
  process.stderr.write(`${(error as Error)[process.env['DEBUG'] ? 'stack' : 'message']}\n`)
  process.exitCode = NOT_JUDGED
}
// What an interruption left unfinished would still wait for its time-outs.
if ((process.exitCode ?? 0) > NOT_JUDGED) process.exit()

async function perform(given: ConformanceArguments): Promise<number> {
  if (given.list) {
    const { askedScenes } = await import('./asked-scenes.ts')
    const { listOfSentences } = await import('./reports/list.ts')
    process.stdout.write(listOfSentences(askedScenes(given), given.level))
    return 0
  }
  const { judgeFromCommandLine } = await import('./judge-from-command-line.ts')
  return await judgeFromCommandLine(given)
}
