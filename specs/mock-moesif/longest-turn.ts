/**
 * Loaded into a mock before anything else: reports how much CPU time the longest turn of its event loop took since it was last asked.
 * What else the machine does is no part of that.
 */
let longest = 0
let before = cpuTime()

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

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
