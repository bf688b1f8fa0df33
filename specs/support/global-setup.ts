import type { TestProject } from 'vitest/node'
import { buildDashboard } from '#mock-moesif/dashboard/build.ts'
import { buildPlugin } from '#plugin/build/build.ts'
import { dockerAnswers, resolveRuntime, type Runtime } from '#sandbox/envoy/runtime.ts'
import { disableReaperWithoutImage, removeContainersOfRun, runId } from '#sandbox/envoy/reaper.ts'
import { useOwnTemporaryDirectory } from './temporary-directory.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** How Envoy runs in this test run: a container when a Docker engine answers. */
    envoyRuntime: Runtime
  }
}

/** Rooms whose specs start Envoys. */
const ENVOY_ROOMS = new Set(['envoy', 'istio', 'sandbox'])
/** Rooms whose specs need the built plugin. */
const PLUGIN_ROOMS = new Set(['plugin', 'envoy', 'istio', 'sandbox', 'mock-moesif', 'dashboard'])

let runtime: Promise<Runtime> | undefined
let removeTemporary: Promise<() => Promise<void>> | undefined

/** Builds what specs need and decides once how Envoy runs. Called for each project (room) of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeTemporary ??= useOwnTemporaryDirectory()
  await removeTemporary
  if (PLUGIN_ROOMS.has(project.name)) await buildPlugin()
  if (project.name === 'dashboard') await buildDashboard()
  if (ENVOY_ROOMS.has(project.name)) {
    runtime ??= chooseRuntime()
    project.provide('envoyRuntime', await runtime)
  }
  return tearDown
}

async function chooseRuntime(): Promise<Runtime> {
  runId()
  const hasDocker = await dockerAnswers()
  if (!hasDocker && process.env['CI'] === 'true') {
    throw new Error(
      'CI=true, and no Docker engine answers: the container specs would be skipped. Start one, or set DOCKER_HOST.',
    )
  }
  const chosen = await resolveRuntime(undefined, {
    prefer: hasDocker ? 'container' : 'process',
    onProgress: (step) => process.stdout.write(`${step}\n`),
  })
  if (chosen.name === 'container') await disableReaperWithoutImage()
  process.stdout.write(
    `Envoy runs as a ${chosen.name} (${chosen.name === 'container' ? chosen.image : chosen.source})\n`,
  )
  return chosen
}

async function tearDown(): Promise<void> {
  if ((await runtime)?.name === 'container') await removeContainersOfRun()
  await (
    await removeTemporary
  )?.()
}
