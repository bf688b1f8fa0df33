import type { Equivalents } from './equivalents.ts'
import type { Mutant, Verdict } from './mutant.ts'
import { ProjectCopy } from './project-copy.ts'
import { SpecOrder } from './spec-order.ts'
import { SpecRunner } from './spec-runner.ts'

interface Judging {
  project: string
  mutants: readonly Mutant[]
  equivalents: Equivalents
  /** How many copies of the project are judged at a time. */
  jobs: number
  /** No further one is begun once it is aborted. */
  signal: AbortSignal
  onVerdict: (verdict: Verdict) => void
}

/** Seeds one after the other and runs the specs, likely ones first, until one fails. */
export async function judgeMutants({ jobs, ...judging }: Judging): Promise<Verdict[]> {
  const verdicts = new Map<Mutant, Verdict>()
  const mutants = [...judging.mutants]
  const order = Promise.withResolvers<SpecOrder>()
  order.promise.catch(() => {})
  const work = async (job: number): Promise<void> => {
    await using copy = await ProjectCopy.make(judging.project, String(job))
    await using runner = new SpecRunner(copy.root)
    if (job === 0) order.resolve(await orderWithoutDefect(runner))
    const specs = await order.promise
    for (let mutant = mutants.shift(); mutant; mutant = mutants.shift()) {
      if (judging.signal.aborted) break
      const startedAt = Date.now()
      const { status, reason } = await judge(mutant, copy, runner, specs, judging.equivalents)
      const verdict = { mutant, status, reason, ms: Date.now() - startedAt }
      verdicts.set(mutant, verdict)
      judging.onVerdict(verdict)
    }
  }
  await Promise.all(
    Array.from({ length: jobs }, (_, job) =>
      work(job).catch((error: unknown) => {
        mutants.length = 0
        order.reject(error)
        throw error
      }),
    ),
  )
  return judging.mutants.flatMap((mutant) => verdicts.get(mutant) ?? [])
}

async function orderWithoutDefect(runner: SpecRunner): Promise<SpecOrder> {
  const { failed, durations } = await runner.run(await runner.files())
  if (failed) {
    throw new Error(`The specs fail without any defect (${failed}): mend that first.`)
  }
  return new SpecOrder(durations)
}

async function judge(
  mutant: Mutant,
  copy: ProjectCopy,
  runner: SpecRunner,
  order: SpecOrder,
  equivalents: Equivalents,
): Promise<Pick<Verdict, 'status' | 'reason'>> {
  const equivalent = equivalents.reasonFor(mutant)
  if (equivalent) return { status: 'Ignored', reason: equivalent }
  try {
    const seeded = await copy.seed(mutant)
    if (seeded === 'invalid') return { status: 'CompileError', reason: 'does not compile' }
    if (seeded === 'same') return { status: 'Ignored', reason: 'compiles to the same module' }
    for (const [index, stage] of order.stages(mutant).entries()) {
      if (index > 0 && (await copy.optimize(mutant)) === 'same') {
        return { status: 'Ignored', reason: 'is optimized to the same module' }
      }
      const { failed, silent } = await runner.run(stage)
      if (silent) return { status: 'Timeout', reason: 'a worker was silent for too long' }
      if (!failed) continue
      order.caught(mutant, failed.split(':')[0] ?? '')
      return { status: 'Killed', reason: failed }
    }
    return { status: 'Survived', reason: 'no spec failed' }
  } finally {
    await copy.restore(mutant)
  }
}
