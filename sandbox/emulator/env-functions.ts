import { contextFunctions } from './env/context.ts'
import { bufferFunctions } from './env/buffers.ts'
import { headerMapFunctions } from './env/header-maps.ts'
import { metricFunctions } from './env/metrics.ts'
import { outwardFunctions } from './env/outward.ts'
import { propertyFunctions } from './env/properties.ts'
import { sharedFunctions } from './env/shared.ts'
import { guarded, type HostFunction } from './host-function.ts'
import type { Vm } from './vm.ts'

/** All of `env.*`. */
export function envFunctions(vm: Vm): Record<string, HostFunction> {
  const functions: Record<string, HostFunction> = {
    ...contextFunctions(vm),
    ...bufferFunctions(vm),
    ...headerMapFunctions(vm),
    ...metricFunctions(vm),
    ...outwardFunctions(vm),
    ...propertyFunctions(vm),
    ...sharedFunctions(vm),
  }
  return Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, guarded(run)]))
}
