/** A fenced block of a Markdown text. */
export interface Snippet {
  language: string
  text: string
  /** The HTML comment in the line before it, if there is one. */
  remark: string | undefined
  /** From 1. */
  line: number
}

/** The fenced blocks, dedented as far as the fence is indented. */
export function snippetsOf(markdown: string): Snippet[] {
  const lines = markdown.split('\n')
  const snippets: Snippet[] = []
  for (let index = 0; index < lines.length; index++) {
    const [, indent = '', language = ''] = /^( *)```(\w+)/.exec(lines[index] ?? '') ?? []
    if (language === '') continue
    const end = lines.findIndex((line, at) => at > index && line.trim() === '```')
    const body = lines.slice(index + 1, end).map((line) => line.slice(indent.length))
    const remark = /^ *<!-- (.*) -->$/.exec(lines[index - 1] ?? '')?.[1]
    snippets.push({ language, text: body.join('\n'), remark, line: index + 1 })
    index = end
  }
  return snippets
}

/** Targets of relative links and pictures, without their anchors. */
export function linkedFiles(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}
