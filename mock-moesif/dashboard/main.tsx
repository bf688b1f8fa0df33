import { render } from 'preact'
import { App } from './app.tsx'
import { keepFocus } from './frame/keep-focus.ts'
import { keepTitle } from './frame/title.ts'
import { watchGateway } from './live/gateway.ts'
import { startSession } from './live/session.ts'

startSession()
watchGateway()
keepTitle()
keepFocus()

const place = document.getElementById('app')
if (place) render(<App />, place)
