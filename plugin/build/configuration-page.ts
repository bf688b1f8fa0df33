import type { OptionSchema } from './option-schema.ts'

/** `docs/configuration.md` */
export function configurationPage(options: OptionSchema[]): string {
  return `<!-- Written by plugin/build/generate.ts from plugin/config.schema.json. -->

# Configuration

One JSON object. In Envoy it is the filter's \`configuration\`, a \`StringValue\`; in Istio what stands under
\`pluginConfig\` of a \`WasmPlugin\`. Only \`moesif_application_id\` is required:

\`\`\`json
{
  "moesif_application_id": "<your Collector Application Id>",
  "user_id_header": "X-User-Id",
  "company_id_header": "X-Company-Id",
  "request_header_masks": ["authorization", "cookie"],
  "response_header_masks": ["set-cookie"]
}
\`\`\`

A configuration of the official plugin works as it is. [\`plugin/config.schema.json\`](../plugin/config.schema.json) is
the same as a JSON Schema, for editors and pipelines; \`npm run sandbox -- validate FILE\` prints what the plugin itself
says about a document.

| option | type | default | range |
| --- | --- | --- | --- |
${options.map(tableRow).join('\n')}

## What a mistake does

Traffic always flows: the filter never refuses a configuration, because Envoy would not start, and Istio would answer 500
to every request.

- \`null\` is as good as absent, and so is an empty string.
- A number out of range is moved to the nearest end of the range, a fraction rounded down, a text that cannot be what it
  should be is ignored: a warning says so, and capturing goes on.
- An unknown option is a warning that names the nearest known one.
- A document that is not JSON, a missing \`moesif_application_id\`, a value of the wrong type, and a name that is unknown
  but looks like a matter of privacy (\`redact_fields\`, \`request_header_mask\`): capturing is **off**, rather than
  half right. One line at level error names option, value and what is expected, and the metric
  \`moesif_configuration_invalid\` is 1.
- An option given twice is a warning; the last value counts.

Every such line starts with \`moesif: configuration: \`. Neither the application id nor a value of it is ever part of one.

${options.map(section).join('\n\n')}
`
}

function tableRow(option: OptionSchema): string {
  return `| [\`${option.name}\`](#${option.name}) | ${typeOf(option)} | ${defaultOf(option)} | ${rangeOf(option)} |`
}

function section(option: OptionSchema): string {
  const lines = [`### ${option.name}`, '', option.description]
  const facts = [`Default: ${defaultOf(option)}.`]
  const range = rangeOf(option)
  if (range) facts.push(`Range: ${range}.`)
  if (option.examples) facts.push(`Example: \`${JSON.stringify(option.examples[0])}\`.`)
  facts.push(consequence(option))
  return [...lines, '', facts.join(' ')].join('\n')
}

const listTypes = {
  'request-headers': 'list of headers',
  'response-headers': 'list of headers',
  'allowed-headers': 'list of headers',
  'media-types': 'list of media types',
  parameters: 'list of parameters',
  'body-masks': 'list of body masks',
  conditions: 'list of conditions',
  sources: '[list of sources](identity.md)',
  'address-sources': '[list of sources](events.md#requestip_address)',
}

function typeOf(option: OptionSchema): string {
  if (option.type === 'array') return listTypes[option.items ?? 'request-headers']
  if (option.type === 'integer') return `whole number (${option.unit})`
  return option.format === 'header-name' ? 'header name' : option.type
}

function defaultOf(option: OptionSchema): string {
  if (option.required) return '**required**'
  return option.default === undefined ? 'none' : `\`${JSON.stringify(option.default)}\``
}

function rangeOf(option: OptionSchema): string {
  if (option.enum) return option.enum.map((word) => `\`${word}\``).join(', ')
  return option.type === 'integer' ? `${option.minimum} to ${option.maximum}` : ''
}

function consequence(option: OptionSchema): string {
  switch (option.onInvalid) {
    case 'clamp':
      return 'A number out of range is moved into it, anything but a number turns capturing off.'
    case 'ignore':
      return 'A text that cannot be one is ignored, anything but a text turns capturing off.'
    case 'off':
      return 'Anything else turns capturing off.'
  }
}
