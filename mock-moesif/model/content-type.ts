/** What a content-type header says, in lower case but for the boundary, which is compared exactly. */
export interface ContentType {
  /** Without parameters: `application/json`. */
  media: string
  charset: string
  boundary: string
}

export function contentType(header: string): ContentType {
  const parameter = (name: string) =>
    new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]*))`, 'i').exec(header)?.slice(1).find(Boolean) ??
    ''
  return {
    media: header.split(';')[0]?.trim().toLowerCase() ?? '',
    charset: parameter('charset').toLowerCase(),
    boundary: parameter('boundary'),
  }
}
