import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml'

/** How a program reads YAML: which plain scalars it takes for what, and what it refuses. */
export interface Dialect {
  options: ParseOptions & DocumentOptions & SchemaOptions
  /** Whether all documents of a file are read, or the first one only. */
  readsAllDocuments: boolean
}

/**
 * Envoy: yaml-cpp, then protobuf JSON. A fraction stays a text, which protobuf JSON takes for the number.
 * https://github.com/envoyproxy/envoy/blob/main/source/common/protobuf/yaml_utility.cc
 */
export const ENVOY: Dialect = {
  options: {
    schema: 'failsafe',
    customTags: (tags) => [
      ...tags,
      scalar('null', /^(?:~|null|Null|NULL|)$/, () => null),
      scalar(
        'bool',
        /^(?:[yY]|[nN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
        (text) => /^(?:y|yes|true|on)$/i.test(text),
      ),
      scalar('int', /^[-+]?(?:0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/, wholeNumber),
    ],
    // The last one counts.
    uniqueKeys: false,
  },
  readsAllDocuments: false,
}

/**
 * Kubernetes: YAML 1.1 as go-yaml v2 has it, without the base-60 numbers and dates of the standard. A fraction has a digit in
 * front of its exponent: `.` and `e5` are texts.
 */
export const KUBERNETES: Dialect = {
  options: {
    version: '1.1',
    schema: 'yaml-1.1',
    customTags: (tags) => [
      ...tags.filter((tag) => !isTimeTag(tag) && !isFractionTag(tag)),
      scalar(
        'float',
        /^[-+]?(?:\.[0-9_]*[0-9]|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
        (text) => Number(text.replaceAll('_', '')),
      ),
    ],
  },
  readsAllDocuments: true,
}

const isTimeTag = (tag: Tags[number]): boolean =>
  typeof tag === 'object' &&
  (tag.tag === 'tag:yaml.org,2002:timestamp' || ('format' in tag && tag.format === 'TIME'))

/** @note `.inf` and `.nan` stay. */
const isFractionTag = (tag: Tags[number]): boolean =>
  typeof tag === 'object' &&
  tag.tag === 'tag:yaml.org,2002:float' &&
  'test' in tag &&
  tag.test?.test('.nan') !== true

const scalar = (name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test,
  resolve,
})

/** As C++ streams read it: `010` is 8. What does not fit in 32 bits is a text, as in protobuf JSON. */
function wholeNumber(text: string): number | string {
  const digits = text.replace(/^[-+]/, '')
  const isOctal = digits.length > 1 && digits.startsWith('0') && !digits.startsWith('0x')
  const number = (text.startsWith('-') ? -1 : 1) * Number(isOctal ? `0o${digits}` : digits)
  return number >= -(2 ** 31) && number < 2 ** 31 ? number : String(BigInt(number))
}
