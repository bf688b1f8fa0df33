import { subscribe } from 'node:diagnostics_channel'
import { afterAll, afterEach, beforeAll, beforeEach, type TaskMeta } from 'vitest'
import { PlaceSet } from './place-set.ts'
import { RecordedModules } from './recorded-modules.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a spec has run, or, of a file, what ran between its specs. */
    places?: string
    /** An instance that ran in it had run before. */
    sharesModule?: boolean
    /** A process or a thread was started: nothing says what that has run. */
    startsProcess?: boolean
  }
}

/** A set-up file of vitest, for the run that records which places each spec runs. */
const count = Number(process.env['MARKED_PLACES'])
const modules = new RecordedModules(count)
modules.install()

let startsProcess = false
for (const channel of ['child_process', 'worker_threads'])
  subscribe(channel, () => {
    startsProcess = true
  })

let file: { meta: TaskMeta } | undefined

const between = PlaceSet.ofCount(count)
const endBetween = () => between.addAll(modules.endStretch().places)

beforeAll(() => endBetween())

beforeEach(() => endBetween())

afterEach(({ task }) => {
  const { places, shared } = modules.endStretch()
  task.meta.places = String(places)
  task.meta.sharesModule = shared
  file = task.file
})

afterAll(() => {
  endBetween()
  if (!file) return
  file.meta.places = String(between)
  file.meta.startsProcess = startsProcess
})
