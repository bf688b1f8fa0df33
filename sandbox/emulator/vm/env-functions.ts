import { lifecycleFunctions } from './env/lifecycle.ts'
import { bufferFunctions } from './env/buffers.ts'
import { headerMapFunctions } from './env/header-maps.ts'
import { metricFunctions } from './env/metrics.ts'
import { outwardFunctions } from './env/calls.ts'
import { propertyFunctions } from './env/properties.ts'
import { sharedFunctions } from './env/shared.ts'
import { guarded, type HostFunction } from './host-function.ts'
import type { Caller } from './caller.ts'

/** All of `env.*`. */
export function envFunctions(vm: Caller): Record<string, HostFunction> {
  const functions: Record<string, HostFunction> = {
    ...lifecycleFunctions(vm),
    ...bufferFunctions(vm),
    ...headerMapFunctions(vm),
    ...metricFunctions(vm),
    ...outwardFunctions(vm),
    ...propertyFunctions(vm),
    ...sharedFunctions(vm),
    // What Emscripten imports.
    emscripten_notify_memory_growth: () => {},
    pthread_equal: (left: number, right: number) => Number(left === right),
  }
  return Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, guarded(run)]))
}
