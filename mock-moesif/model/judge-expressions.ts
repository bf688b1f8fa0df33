/**
 * For each regular expression the plugin's error, or null when it accepts it.
 *
 * @note passed to the mock as an option, like a TryCall: only the plugin knows the syntax it reads.
 * @throws PluginNotBuilt
 */
export type JudgeExpressions = (expressions: readonly string[]) => Promise<(string | null)[]>
