/** One piece of XML or HTML: what it is, and its text. */
interface MarkupToken {
  kind: 'tag' | 'attribute' | 'value' | 'comment' | 'text'
  text: string
}

/** One line of markup, indented by `depth`. */
export interface MarkupLine {
  depth: number
  tokens: MarkupToken[]
}

/** HTML elements that have no end tag. */
const empty = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
)
const piece = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[^>]*(?:>|$)|[^<]+/g

/** XML or HTML with a line for each tag, indented. Takes anything: what is not well-formed is shown as it stands. */
export function markupLines(text: string): MarkupLine[] {
  const lines: MarkupLine[] = []
  let depth = 0
  let raw = ''
  for (const [part] of text.matchAll(piece)) {
    const name = /^<\/?([^\s/>]+)/.exec(part)?.[1]?.toLowerCase() ?? ''
    // Script and style hold no markup, whatever they contain.
    if (raw !== '' && name !== raw) {
      append(lines, depth, [{ kind: 'text', text: part.trim() }])
      continue
    }
    raw = ''
    if (part.startsWith('<!--')) lines.push({ depth, tokens: [{ kind: 'comment', text: part }] })
    else if (!part.startsWith('<') || part.startsWith('<![CDATA['))
      append(lines, depth, [{ kind: 'text', text: part.trim() }])
    else if (part.startsWith('</')) {
      depth = Math.max(0, depth - 1)
      closeTag(lines, depth, part)
    } else {
      lines.push({ depth, tokens: tagTokens(part) })
      if (/^<[!?]/.test(part) || part.endsWith('/>') || empty.has(name)) continue
      depth++
      if (name === 'script' || name === 'style') raw = name
    }
  }
  return lines
}

function append(lines: MarkupLine[], depth: number, tokens: MarkupToken[]): void {
  if (tokens.some(({ text }) => text !== '')) lines.push({ depth, tokens })
}

/** `<a>text</a>` is one line: an end tag joins the line of its start tag when only a text stands between. */
function closeTag(lines: MarkupLine[], depth: number, part: string): void {
  const tag: MarkupToken = { kind: 'tag', text: part }
  const last = lines.at(-1)
  const before = lines.at(-2)
  const opens = (line: MarkupLine | undefined) =>
    line?.depth === depth && line.tokens[0]?.kind === 'tag' && !line.tokens[0].text.startsWith('</')
  if (opens(last) && last?.tokens.length) last.tokens.push(tag)
  else if (
    last?.tokens.length === 1 &&
    last.tokens[0]?.kind === 'text' &&
    last.tokens[0].text.length < 100 &&
    opens(before) &&
    before
  ) {
    before.tokens.push(...last.tokens, tag)
    lines.pop()
  } else lines.push({ depth, tokens: [tag] })
}

function tagTokens(tag: string): MarkupToken[] {
  const tokens: MarkupToken[] = []
  const pattern = /([^\s=<>/"']+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)/g
  let at = 0
  for (const match of tag.matchAll(pattern)) {
    if (match.index > at) tokens.push({ kind: 'tag', text: tag.slice(at, match.index) })
    tokens.push({ kind: 'attribute', text: (match[1] ?? '') + (match[2] ?? '') })
    tokens.push({ kind: 'value', text: match[3] ?? '' })
    at = match.index + match[0].length
  }
  if (at < tag.length) tokens.push({ kind: 'tag', text: tag.slice(at) })
  return tokens
}
