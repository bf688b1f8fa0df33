/** Rows are what lists and streams are made of: of a longer text they keep the start, the event itself keeps it all. */
export const MAX_ROW_TEXT = 8192

export function rowText(text: string): string {
  return text.length > MAX_ROW_TEXT ? text.slice(0, MAX_ROW_TEXT) : text
}
