/**
 * For each regular expression what the plugin has against it, null when it takes it.
 *
 * @note the mock is given one from outside, as it is a TryCall: which syntax the plugin reads only the plugin knows.
 * @throws PluginNotBuilt
 */
export type JudgeExpressions = (expressions: readonly string[]) => Promise<(string | null)[]>
