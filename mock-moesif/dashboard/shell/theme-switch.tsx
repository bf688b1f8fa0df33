import { type Theme, theme } from '../live/preferences.ts'

const order: Theme[] = ['auto', 'light', 'dark']
const signs: Record<Theme, string> = { auto: '◐', light: '☀', dark: '☾' }

export function nextTheme(): void {
  theme.value = order[(order.indexOf(theme.peek()) + 1) % order.length] ?? 'auto'
}

export function ThemeSwitch() {
  return (
    <button
      type="button"
      class="quiet icon"
      aria-label={`Theme: ${theme.value}`}
      title={`Theme: ${theme.value} (t)`}
      onClick={nextTheme}
    >
      {signs[theme.value] ?? signs.auto}
    </button>
  )
}
