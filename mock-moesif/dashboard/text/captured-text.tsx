import type { ComponentChildren } from 'preact'

/** What would be invisible, or would reorder the text around it: controls, marks of direction, zero-width spaces. */
const unprintable =
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb])/

/** Text that came from outside, shown as it is: its direction stays within it, and nothing in it is invisible. */
export function CapturedText({ text }: { text: string }) {
  return <bdi>{visible(text)}</bdi>
}

/**
 * The same without an element of its own, for cells, which keep their direction to themselves.
 *
 * @param part of a longer text: blanks at its ends are those between its parts
 */
export function visible(text: string, part = false): ComponentChildren {
  const inner = text.trim()
  if (!part && inner !== text) {
    const start = inner === '' ? text.length : text.indexOf(inner)
    return (
      <>
        <Mark text={text.slice(0, start)} />
        {visible(inner)}
        <Mark text={text.slice(start + inner.length)} />
      </>
    )
  }
  // Lines of a body end as their sender ends them.
  if (part) text = text.replaceAll('\r\n', '\n')
  if (!unprintable.test(text)) return text
  return text
    .split(unprintable)
    .map((piece, index) => (index % 2 === 0 ? piece : <Mark key={index} text={piece} />))
}

function Mark({ text }: { text: string }) {
  if (text === '') return null
  return (
    <span class="unprintable" title="Does not show">
      {Array.from(text, (letter) => (letter === ' ' ? '␣' : codePoint(letter)))}
    </span>
  )
}

function codePoint(letter: string): string {
  return `U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
