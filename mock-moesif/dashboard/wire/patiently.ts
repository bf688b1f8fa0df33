/**
 * Reads again what failed, after 150 ms and after 600 ms, unless it is no longer wanted; then throws.
 *
 * @note Browsers break off what is under way whenever an interface comes or goes, such as that of a container
 * (ERR_NETWORK_CHANGED); reading again is harmless and nearly always works.
 */
export async function patiently<Answer>(
  read: () => Promise<Answer>,
  wanted?: AbortSignal,
  pauses = [150, 600],
): Promise<Answer> {
  try {
    return await read()
  } catch (reason) {
    const [pause, ...later] = pauses
    if (!pause || wanted?.aborted) throw reason
    await new Promise((resolve) => setTimeout(resolve, pause))
    return patiently(read, wanted, later)
  }
}
