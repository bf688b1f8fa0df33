import type { RootFilesystem } from './root-filesystem.ts'

/** A root file system and the Dockerfile instructions that make an image of it. */
export interface StandIn {
  files: RootFilesystem
  changes: string[]
}
