import { say } from '../live/notices.ts'

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    say(`Copied ${what}`)
  } catch {
    // No clipboard on a page that is neither https nor localhost.
    say('The browser does not let this page write to the clipboard', 'error')
  }
}
