import { render } from 'preact'
import { App } from './app.tsx'
import { keepFocus } from './shell/keep-focus.ts'
import { loadTheRest } from './shell/lazy.tsx'
import { keepTitle } from './shell/title.ts'
import { watchGateway } from './live/gateway.ts'
import { session } from './live/session.ts'

session.start()
watchGateway()
keepTitle()
keepFocus()

const place = document.getElementById('app')
if (place) render(<App />, place)
requestIdleCallback(() => void loadTheRest(), { timeout: 2000 })
