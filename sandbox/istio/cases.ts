/** A set of example manifests that a user applies together. */
export interface IstioCase {
  name: string
  /** Below examples/istio. */
  manifests: readonly string[]
  /** `gateway`, or the Deployment whose sidecar it is. */
  proxies: readonly string[]
}

const ECHO = ['echo-service.yaml', 'istio-echo-inbound.yaml'] as const
const BOTH = ['gateway', 'echo'] as const

/** Every way the examples are meant to be used; each has its fixture. */
export const ISTIO_CASES = [
  {
    name: 'gateway',
    manifests: [...ECHO, 'istio-moesif-outbound.yaml', 'moesif-wasm-plugin.yaml'],
    proxies: BOTH,
  },
  {
    name: 'sidecar-inbound',
    manifests: [
      ...ECHO,
      'sidecar-inbound/istio-moesif-outbound.yaml',
      'sidecar-inbound/moesif-wasm-plugin.yaml',
    ],
    proxies: BOTH,
  },
  {
    name: 'sidecar-outbound',
    manifests: [
      ...ECHO,
      'sidecar-outbound/istio-moesif-outbound.yaml',
      'sidecar-outbound/moesif-wasm-plugin.yaml',
    ],
    proxies: BOTH,
  },
  {
    name: 'request-authentication',
    manifests: [
      ...ECHO,
      'istio-moesif-outbound.yaml',
      'moesif-wasm-plugin.yaml',
      'request-authentication.yaml',
    ],
    proxies: ['gateway'],
  },
  { name: 'mock-moesif', manifests: [...ECHO, 'mock-moesif.yaml'], proxies: ['gateway'] },
] as const satisfies readonly IstioCase[]

export type IstioCaseName = (typeof ISTIO_CASES)[number]['name']

export const EXAMPLES = new URL('../../examples/istio/', import.meta.url)
export const FIXTURES = new URL('../../specs/istio/fixtures/', import.meta.url)
