/** The plugin's message in a line of Envoy's log; undefined for any other line. */
export function pluginLogLine(line: string): string | undefined {
  const match = /\[(\w+)\]\[wasm\].*?wasm log[^:]*: (.*)$/.exec(line)
  return match ? `plugin ${match[1]}: ${match[2]}` : undefined
}
