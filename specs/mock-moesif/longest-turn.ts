import { cpuTime } from '../support/cpu-time.ts'

/**
 * Loaded into a mock before anything else: reports how much CPU time the longest turn of its event loop took since it was last asked.
 */
let longest = 0
let before = cpuTime()

setInterval(() => {
  const now = cpuTime()
  longest = Math.max(longest, now - before)
  before = now
}, 1).unref()

process.on('message', () => {
  process.send!(longest)
  longest = 0
})
process.channel?.unref()
