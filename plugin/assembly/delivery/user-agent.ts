import { utf8 } from '../abi/span'
import { VERSION } from '../config/version'

export const USER_AGENT = utf8('moesif-envoy-wasm-plugin/' + VERSION)
