import type { IstioCaseName } from '#sandbox/istio/cases.ts'
import type { Mutation } from '#specs/support/mutate.ts'

const ECHO = 'echo-service.yaml'
const INBOUND = 'istio-echo-inbound.yaml'
const OUTBOUND = 'istio-moesif-outbound.yaml'
const PLUGIN = 'moesif-wasm-plugin.yaml'
const SIDECAR_PLUGIN = 'sidecar-inbound/moesif-wasm-plugin.yaml'

/** What a user could get wrong in the Istio examples, one at a time. */
export const MISTAKES: (Mutation & { in: IstioCaseName; inLine: boolean })[] = [
  mistake('an unnamed port', ECHO, '- name: http\n      port: 80', '- port: 80', /named nothing/),
  mistake('a port name that is no protocol', ECHO, 'name: http', 'name: web', /start its name/),
  mistake('another target port', ECHO, 'targetPort: 5678', 'targetPort: 8080', /has port 8080/),
  mistake(
    'a Service selector',
    ECHO,
    '  selector:\n    app: echo',
    '  selector:\n    app: eco',
    /selector matches no workload/,
    false,
  ),
  mistake(
    'a Deployment selector',
    ECHO,
    'matchLabels:\n      app: echo',
    'matchLabels:\n      app: eco',
    /does not match the template/,
    false,
  ),
  mistake(
    'an API version of Kubernetes',
    ECHO,
    'apiVersion: apps/v1',
    'apiVersion: extensions/v1beta1',
    /expected apps\/v1/,
  ),
  mistake(
    'an old API version of Istio',
    INBOUND,
    'networking.istio.io/v1',
    'networking.istio.io/v1alpha3',
    /expected networking.istio.io\/v1/,
  ),
  mistake(
    "the Gateway's selector",
    INBOUND,
    'istio: ingressgateway',
    'istio: ingress',
    /selector matches neither/,
    false,
  ),
  mistake(
    "a gateway's name",
    INBOUND,
    'gateways: [http-echo-gateway]',
    'gateways: [echo-gateway]',
    /no Gateway echo-gateway/,
  ),
  mistake('a destination', INBOUND, 'host: echo', 'host: eco', /no Service eco/),
  mistake(
    "a destination's port",
    INBOUND,
    '              number: 80',
    '              number: 8080',
    /no port 8080/,
  ),
  mistake(
    'no FAIL_OPEN',
    PLUGIN,
    'failStrategy: FAIL_OPEN',
    'failStrategy: FAIL_CLOSE',
    /set failStrategy: FAIL_OPEN/,
  ),
  mistake(
    'no failStrategy',
    PLUGIN,
    '  failStrategy: FAIL_OPEN\n',
    '',
    /set failStrategy: FAIL_OPEN/,
    false,
  ),
  mistake(
    'a tag for a digest',
    PLUGIN,
    `plugin@sha256:${'0'.repeat(64)}`,
    'plugin:latest',
    /by digest/,
  ),
  mistake(
    "the plugin's selector",
    PLUGIN,
    'istio: ingressgateway',
    'istio: ingress',
    /selector matches neither/,
  ),
  mistake(
    "the plugin's namespace",
    PLUGIN,
    'namespace: istio-system',
    'namespace: default',
    /selector matches neither/,
    false,
  ),
  mistake(
    "the plugin's API version",
    PLUGIN,
    'extensions.istio.io/v1alpha1',
    'extensions.istio.io/v1',
    /expected extensions.istio.io\/v1alpha1/,
  ),
  mistake(
    'the cluster name of stand-alone Envoys',
    PLUGIN,
    'outbound|443||api.moesif.net',
    'moesif_api',
    /upstream is moesif_api/,
  ),
  mistake(
    'a cluster of another port',
    PLUGIN,
    'outbound|443||',
    'outbound|80||',
    /Istio makes no cluster/,
  ),
  mistake(
    'an option name',
    PLUGIN,
    'user_id_header',
    'user_id_headers',
    /Did you mean "user_id_header"\?/,
  ),
  mistake(
    'a mask name',
    PLUGIN,
    'request_header_masks',
    'request_headers_mask',
    /Did you mean "request_header_masks"\?/,
  ),
  mistake(
    'no application id',
    PLUGIN,
    'moesif_application_id:',
    'moesif_app_id:',
    /"moesif_application_id" is missing/,
    false,
  ),
  mistake(
    'another host',
    OUTBOUND,
    'hosts: [api.moesif.net]',
    'hosts: [api.moesif.com]',
    /Istio makes no cluster/,
    false,
  ),
  mistake('another port', OUTBOUND, 'number: 443', 'number: 8443', /Istio makes no cluster/, false),
  mistake('no DNS', OUTBOUND, 'resolution: DNS', 'resolution: NONE', /resolution must be DNS/),
  mistake('a ServiceEntry for all', OUTBOUND, "exportTo: ['.']", "exportTo: ['*']", /TLS in TLS/),
  mistake(
    'a rule for another host',
    OUTBOUND,
    'host: api.moesif.net',
    'host: api.moesif.com',
    /no DestinationRule/,
    false,
  ),
  mistake('no TLS', OUTBOUND, 'mode: SIMPLE', 'mode: DISABLE', /mode is DISABLE/),
  mistake('mesh TLS', OUTBOUND, 'mode: SIMPLE', 'mode: ISTIO_MUTUAL', /mode is ISTIO_MUTUAL/),
  mistake('another SNI', OUTBOUND, 'sni: api.moesif.net', 'sni: moesif.net', /sni is moesif.net/),
  mistake('no SNI', OUTBOUND, '      sni: api.moesif.net\n', '', /sni is missing/, false),
  mistake(
    'no name to check',
    OUTBOUND,
    '      subjectAltNames: [api.moesif.net]\n',
    '',
    /checks no name/,
    false,
  ),
  mistake(
    'another name to check',
    OUTBOUND,
    'subjectAltNames: [api.moesif.net]',
    'subjectAltNames: [moesif.net]',
    /checks no name/,
  ),
  mistake(
    'no check at all',
    OUTBOUND,
    '      sni:',
    '      insecureSkipVerify: true\n      sni:',
    /accepts any certificate/,
  ),
  mistake(
    'a private authority',
    OUTBOUND,
    '      sni:',
    '      caCertificates: /etc/ca.pem\n      sni:',
    /caCertificates is/,
  ),
  mistake('broken YAML', OUTBOUND, 'exportTo: [', 'exportTo: [[', /flow/i, false),
  {
    ...mistake(
      'no mode on a sidecar',
      SIDECAR_PLUGIN,
      '    - mode: SERVER',
      '    - ports: [{ number: 80 }]',
      /SERVER .* or CLIENT/,
      false,
    ),
    in: 'sidecar-inbound',
  },
  {
    ...mistake(
      'SERVER on a gateway',
      PLUGIN,
      '  url:',
      '  match: [{ mode: SERVER }]\n  url:',
      /does not attach to a gateway/,
    ),
    in: 'gateway',
  },
]

/** `inLine`: the remark stands on the very line; not so where a line is gone, or the remark is on another resource. */
function mistake(
  name: string,
  file: string,
  from: string,
  to: string,
  says: RegExp,
  inLine = true,
) {
  return { name, file, from, to, says, inLine, in: 'gateway' as const }
}
