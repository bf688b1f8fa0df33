import type { Equivalents } from './equivalents.ts'
import type { Mutant, Verdict } from './mutant.ts'
import { ProjectCopy } from './project-copy.ts'
import { SpecOrder } from './spec-order.ts'
import { SpecRunner } from './spec-runner.ts'

/** Seeds one after the other and runs the specs, likely ones first, until one fails. */
export async function judgeMutants(
  project: string,
  mutants: readonly Mutant[],
  equivalents: Equivalents,
  onVerdict: (verdict: Verdict) => void,
): Promise<Verdict[]> {
  await using copy = await ProjectCopy.make(project)
  await using runner = new SpecRunner(copy.root)
  const files = await runner.files()
  const clean = await runner.run(files)
  if (clean.failed) {
    throw new Error(`The specs fail without any defect (${clean.failed}): mend that first.`)
  }
  const order = new SpecOrder(files)
  const verdicts: Verdict[] = []
  for (const mutant of mutants) {
    const startedAt = Date.now()
    const { status, reason } = await judge(mutant, copy, runner, order, equivalents)
    const verdict = { mutant, status, reason, ms: Date.now() - startedAt }
    verdicts.push(verdict)
    onVerdict(verdict)
  }
  return verdicts
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
    for (const stage of order.stages(mutant)) {
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
