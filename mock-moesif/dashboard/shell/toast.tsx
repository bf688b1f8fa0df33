import { notice } from '../live/notices.ts'

export function Toast() {
  const said = notice.value
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {said && <p class={`toast ${said.tone}`}>{said.text}</p>}
    </div>
  )
}
