import type { Equivalents } from './equivalents.ts'
import type { Mutant, Verdict } from './mutant.ts'
import { markSources } from './places/mark-sources.ts'
import { measureCoverage } from './places/measure-coverage.ts'
import { MutantPlaces } from './places/mutant-places.ts'
import type { Compiled } from './compile-worker.ts'
import { PluginCompiler } from './plugin-compiler.ts'
import { ProjectCopy } from './project-copy.ts'
import { SpecRunner } from './spec-runner.ts'
import { SpecSelection } from './spec-selection.ts'

interface Judging {
  project: string
  mutants: readonly Mutant[]
  equivalents: Equivalents
  /** How many copies of the project are judged at a time. */
  jobs: number
  /** Once it is aborted, what is being judged is left without a verdict. */
  signal: AbortSignal
  onVerdict: (verdict: Verdict) => void
}

/** Seeds one after the other and runs the specs that run its place, likely ones first, until one fails. */
export async function judgeMutants(judging: Judging): Promise<Verdict[]> {
  const { project, signal, jobs } = judging
  await ProjectCopy.removeStale(project)
  const marked = await markSources(project)
  const coverage = await measureCoverage(project, marked, jobs, signal)
  if (!coverage) return []
  const places = await MutantPlaces.of(project, marked.sources)
  const selection = new SpecSelection(coverage)
  const waiting = [...judging.mutants]
  const verdicts = new Map<Mutant, Verdict>()
  const work = async (job: number): Promise<void> => {
    await using judge = await Judge.make(judging, places, selection, String(job))
    // The next one is compiled while the specs of this one run.
    let next = judge.prepare(waiting.shift())
    for (let seeded = await next; seeded && !signal.aborted; seeded = await next) {
      next = judge.prepare(waiting.shift())
      const startedAt = Date.now()
      const verdict = await judge.verdictOf(seeded)
      if (signal.aborted) break
      const { mutant } = seeded
      verdicts.set(mutant, { mutant, ...verdict, ms: Date.now() - startedAt })
      judging.onVerdict(verdicts.get(mutant)!)
    }
  }
  await Promise.all(
    Array.from({ length: jobs }, (_, job) =>
      work(job).catch((error: unknown) => {
        waiting.length = 0
        throw error
      }),
    ),
  )
  return judging.mutants.flatMap((mutant) => verdicts.get(mutant) ?? [])
}

/** A defect, compiled. */
interface Seeded extends Compiled {
  mutant: Mutant
  /** The source with it. */
  text: string
}

type Judged = Omit<Verdict, 'mutant' | 'ms'>

/** One copy of the project, with a compiler and a runner of its own. */
class Judge implements AsyncDisposable {
  readonly #equivalents: Equivalents
  readonly #places: MutantPlaces
  readonly #selection: SpecSelection
  readonly #copy: ProjectCopy
  readonly #compiler: PluginCompiler
  readonly #runner: SpecRunner
  readonly #original: Promise<Compiled>
  #originalOptimized: Promise<Compiled> | null = null
  readonly #end: () => void
  readonly #signal: AbortSignal

  private constructor(
    { project, equivalents, signal }: Judging,
    places: MutantPlaces,
    selection: SpecSelection,
    copy: ProjectCopy,
  ) {
    this.#equivalents = equivalents
    this.#places = places
    this.#selection = selection
    this.#copy = copy
    this.#compiler = new PluginCompiler(project)
    this.#runner = new SpecRunner(copy.root)
    this.#original = this.#compiler.compile(0)
    this.#signal = signal
    this.#end = () => void this.#runner.cancel()
    signal.addEventListener('abort', this.#end)
  }

  static async make(
    judging: Judging,
    places: MutantPlaces,
    selection: SpecSelection,
    label: string,
  ): Promise<Judge> {
    const copy = await ProjectCopy.make(judging.project, label)
    const judge = new Judge(judging, places, selection, copy)
    await copy.place((await judge.#original).wasm!)
    return judge
  }

  /** Null when there is no further one. */
  async prepare(mutant: Mutant | undefined): Promise<Seeded | null> {
    if (!mutant) return null
    const source = this.#places.sourceOf(mutant)
    const text = source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end)
    const compiled = await this.#compiler.compile(0, { file: mutant.file, text })
    return { mutant, text, ...compiled }
  }

  async verdictOf(seeded: Seeded): Promise<Judged> {
    const { mutant, wasm } = seeded
    const equivalent = this.#equivalents.reasonFor(mutant)
    if (equivalent) return { status: 'Ignored', reason: equivalent }
    if (!wasm) return { status: 'CompileError', reason: 'does not compile' }
    if (await isSame(seeded, this.#original))
      return { status: 'Ignored', reason: 'compiles to the same module' }
    const selected = this.#selection.select(mutant, this.#places.of(mutant))
    const coveredBy = selected.flatMap(({ specs }) => specs.map(({ id }) => id))
    const caught = selected.length > 0 ? await this.#run(seeded, wasm, selected) : null
    if (caught || this.#signal.aborted) return { ...caught!, coveredBy }
    this.#originalOptimized ??= this.#compiler.compile(1)
    const { file } = mutant
    const optimized = await this.#compiler.compile(1, { file, text: seeded.text })
    if (await isSame(optimized, this.#originalOptimized))
      return { status: 'Ignored', reason: 'is optimized to the same module' }
    const reason = selected.length > 0 ? 'no spec failed' : 'no spec runs it'
    return { status: 'Survived', reason, coveredBy }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#end)
    await this.#runner[Symbol.asyncDispose]()
    await this.#compiler[Symbol.asyncDispose]()
    await this.#copy[Symbol.asyncDispose]()
  }

  /** Null when none of them fails. */
  async #run(
    { mutant, text }: Seeded,
    wasm: Uint8Array,
    selected: Parameters<SpecRunner['run']>[0],
  ): Promise<Judged | null> {
    await this.#copy.seed(mutant.file, text, wasm)
    try {
      const { failed, looped } = await this.#runner.run(selected)
      if (looped) return { status: 'Timeout', reason: 'is in a loop that does not end' }
      if (!failed) return null
      this.#selection.caught(mutant, failed.name.split(':')[0] ?? '')
      const killedBy = failed.id === null ? [] : [failed.id]
      return { status: 'Killed', reason: failed.name, killedBy }
    } finally {
      await this.#copy.restore(mutant.file, this.#places.sourceOf(mutant))
    }
  }
}

async function isSame({ wasm, isPart }: Compiled, original: Promise<Compiled>): Promise<boolean> {
  const { wasm: other } = await original
  return isPart && wasm !== null && other !== null && Buffer.compare(wasm, other) === 0
}
