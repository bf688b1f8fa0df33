/** Who runs a callback. */
export interface CallbackPlace {
  /** `worker 0`, `main`, `canary`. */
  thread: string
  /** Its `pluginName`; null for what a module runs at its start. */
  plugin: string | null
  /** The file of its module, or `The module`. */
  module: string
}
