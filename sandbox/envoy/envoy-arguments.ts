import type { EnvoyOptions } from './options.ts'

/** Envoy's command line, the same in each runtime. */
export function envoyArguments(options: EnvoyOptions, configFile: string): string[] {
  return [
    '-c',
    configFile,
    '--concurrency',
    String(options.concurrency ?? 1),
    '--drain-time-s',
    String(options.drainSeconds ?? 1),
    '--drain-strategy',
    options.drainStrategy ?? 'immediate',
    '--log-level',
    options.logLevel ?? 'info',
    ...(options.componentLogLevel ? ['--component-log-level', options.componentLogLevel] : []),
  ]
}
