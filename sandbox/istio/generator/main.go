// Command generator prints, as one JSON document, what Istio's control plane sends to an ingress gateway and to
// sidecars for a set of manifests. Everything that decides is Istio's own code, called as a library: the in-process
// discovery server of its tests, its admission validation, its bootstrap template, the agent's conversion of Wasm
// resources. No cluster, no network.
//
//	generator -template envoy_bootstrap.json -o out.json manifest.yaml ...
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/mesh"
	istiolog "istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
)

// The default profile's mesh configuration, as far as it bears on what proxies are sent.
const meshConfig = "rootNamespace: istio-system\ntrustDomain: cluster.local\ndefaultProviders:\n  metrics: [prometheus]\n"

type document struct {
	// Validation holds what Istio's admission webhook would say; empty when it has nothing to say.
	Validation []finding        `json:"validation"`
	Proxies    map[string]reply `json:"proxies"`
}

func main() {
	template := flag.String("template", "", "Istio's tools/packaging/common/envoy_bootstrap.json")
	version := flag.String("istio-version", "1.31.0", "the Istio version the proxies announce")
	out := flag.String("o", "", "output file")
	flag.Parse()
	if *template == "" || *out == "" || flag.NArg() == 0 {
		fatal(fmt.Errorf("usage: generator -template envoy_bootstrap.json -o out.json manifest.yaml ..."))
	}
	absolute, err := filepath.Abs(*template)
	check(err)

	logging := istiolog.DefaultOptions()
	logging.OutputPaths = []string{"stderr"} // where istiod says which resources it discards
	check(istiolog.Configure(logging))

	manifests, err := readManifests(flag.Args())
	check(err)
	cluster := newCluster(manifests.kubernetes)
	configs, findings, err := istioConfigs(manifests.istio)
	check(err)
	meshConfiguration, err := mesh.ApplyMeshConfig(meshConfig, mesh.DefaultMeshConfig())
	check(err)

	result := document{Validation: findings, Proxies: map[string]reply{}}
	check(test.Wrap(func(t test.Failer) {
		server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
			Configs: configs, KubernetesObjects: cluster.objects, MeshConfig: meshConfiguration,
		})
		for _, proxy := range cluster.proxies {
			bootstrap, node, err := renderBootstrap(proxy, absolute, *version)
			check(err)
			result.Proxies[proxy.Name], err = subscribe(server, proxy, bootstrap, node)
			check(err)
		}
	}))

	text, err := json.MarshalIndent(result, "", " ")
	check(err)
	check(os.WriteFile(*out, append(text, '\n'), 0o644))
}

func check(err error) {
	if err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "generator:", err)
	os.Exit(1)
}
