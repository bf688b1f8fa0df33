import type { ComponentChildren } from 'preact'

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="empty">
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </main>
  )
}
