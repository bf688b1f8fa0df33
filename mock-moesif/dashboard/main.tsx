import { render } from 'preact'
import { App } from './app.tsx'
import { keepTitle } from './frame/title.ts'
import { watchGateway } from './live/gateway.ts'
import { startSession } from './live/session.ts'

startSession()
watchGateway()
keepTitle()

const place = document.getElementById('app')
if (place) render(<App />, place)
