import { LineCounter } from 'yaml'
import type { Place } from '../finding.ts'
import type { Path } from '../path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { jsonLocation } from './json-location.ts'

/** An options document, as the plugin gets it, and where its parts stand. */
export interface OptionsSource {
  text: string
  /** Where a character of the text stands; without an index, the whole. */
  place: (index?: number) => Place
}

/** A file of its own. */
export function optionsInFile(file: string, text: string): OptionsSource {
  const lines = new LineCounter()
  for (let at = 0; at !== -1; at = text.indexOf('\n', at) + 1 || -1) lines.addNewLine(at)
  return {
    text,
    place: (index) => {
      const { line, col } = lines.linePos(index ?? 0)
      const path = index === undefined ? [] : jsonLocation(text, index).path
      return { file, line, column: col, path }
    },
  }
}

/** JSON in a text of an Envoy configuration. */
export function optionsInText(document: YamlDocument, path: Path): OptionsSource {
  const text = document.text(path) ?? ''
  return {
    text,
    place: (index) => {
      if (index === undefined) return document.place(path)
      const place = document.placeInText(path, index)
      return { ...place, path: [...place.path, ...jsonLocation(text, index).path] }
    },
  }
}

/** JSON in base64. */
export function optionsInBytes(document: YamlDocument, path: Path): OptionsSource {
  const text = Buffer.from(document.text(path) ?? '', 'base64').toString()
  return { text, place: () => document.place(path) }
}

/** Members of a manifest, which Istio hands over as JSON. */
export function optionsInObject(document: YamlDocument, path: Path): OptionsSource {
  const text = JSON.stringify(document.get(path) ?? {})
  return {
    text,
    place: (index) => {
      if (index === undefined) return document.place(path)
      const location = jsonLocation(text, index)
      const inDocument = [...path, ...location.path]
      return location.isKey ? document.placeOfKey(inDocument) : document.place(inDocument)
    },
  }
}
