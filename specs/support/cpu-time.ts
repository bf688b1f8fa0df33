/** Processor time that this thread has used, ms: what else the machine does is no part of it. */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
