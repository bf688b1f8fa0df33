/** What would be invisible, or would reorder the text around it: controls, marks of direction, zero-width spaces. */
const unprintable =
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb])/

/** Text that came from outside, shown as it is: its direction stays within it, and nothing in it is invisible. */
export function CapturedText({ text }: { text: string }) {
  return <bdi>{visible(text)}</bdi>
}

/** The same without an element of its own, for cells, which keep their direction to themselves. */
export function visible(text: string) {
  if (!unprintable.test(text)) return text
  return text.split(unprintable).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} class="unprintable" title="A character that does not show">
        U+{part.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}
      </span>
    ),
  )
}
