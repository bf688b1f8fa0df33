// Written by plugin/build/generate.ts from package.json.
import { utf8 } from '../memory/span'

/** Name and version, as sent to the collector. */
export const PLUGIN = utf8('moesif-envoy-wasm-plugin/0.1.0')
