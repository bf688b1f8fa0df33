import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { findingLine } from '#sandbox/validate/finding.ts'
import { validateFiles } from '#sandbox/validate/validate-files.ts'

/** What `validate` says of files that are given together: by name, their texts. */
export async function judge(
  texts: Record<string, string>,
): Promise<{ subjects: string[]; role: string; lines: string[] }> {
  const files = Object.entries(texts).map(([file, text]) => ({
    file,
    text: text.replace(/^\ufeff/, ''),
  }))
  const { subjects, role, findings } = await validateFiles(files, BUILT_PLUGIN)
  return {
    subjects: subjects.map(({ subject }) => subject),
    role,
    lines: findings.map(findingLine),
  }
}
