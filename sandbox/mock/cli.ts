#!/usr/bin/env node
import { runCommandLine } from '#mock-moesif/command-line.ts'
import { startMockMoesif } from './start-mock-moesif.ts'

await runCommandLine(startMockMoesif)
