import { notify } from '../live/notices.ts'

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notify(`Copied ${what}`)
  } catch {
    // No clipboard on a page that is neither https nor localhost.
    notify('The browser does not let this page write to the clipboard', 'error')
  }
}
