/**
 * Where the compiler sends what it cannot compile away (a failed allocation). The default would import `env.abort`,
 * which no Proxy-Wasm host offers.
 *
 * @public named in a flag of `plugin/build/build.ts`
 */
export function abort(_message: usize, _file: usize, _line: u32, _column: u32): void {
  unreachable()
}
