package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	"google.golang.org/protobuf/types/known/structpb"

	"istio.io/istio/pkg/bootstrap"
	"istio.io/istio/pkg/config/mesh"
)

// renderBootstrap renders Istio's own Envoy bootstrap for a proxy from the environment that the injection template
// gives to istio-proxy; the node it announces to istiod is the one in it.
func renderBootstrap(p proxy, template, version string) (map[string]any, *core.Node, error) {
	leave, err := enterPodDirectory(p)
	if err != nil {
		return nil, nil, err
	}
	defer leave()
	environment := []string{
		"ISTIO_META_CLUSTER_ID=Kubernetes", "ISTIO_META_MESH_ID=cluster.local", "ISTIO_META_NODE_NAME=node1",
		"ISTIO_META_ISTIO_VERSION=" + version, "ISTIO_META_NAMESPACE=" + p.Namespace, "ISTIO_META_NAME=" + p.Pod,
		"ISTIO_META_WORKLOAD_NAME=" + p.Workload, "ISTIO_META_SERVICE_ACCOUNT=" + p.ServiceAccount,
		"ISTIO_META_OWNER=kubernetes://apis/apps/v1/namespaces/" + p.Namespace + "/deployments/" + p.Workload,
	}
	if p.Type == "router" {
		environment = append(environment, "ISTIO_META_UNPRIVILEGED_POD=true")
	} else {
		environment = append(environment, "ISTIO_META_INTERCEPTION_MODE=REDIRECT", "ISTIO_META_APP_CONTAINERS="+p.Name)
	}
	metadata, err := bootstrap.GetNodeMetaData(bootstrap.MetadataOptions{
		ID:          fmt.Sprintf("%s~%s~%s.%s~%s.svc.cluster.local", p.Type, p.IP, p.Pod, p.Namespace, p.Namespace),
		Envs:        environment,
		InstanceIPs: []string{p.IP}, ProxyConfig: mesh.DefaultProxyConfig(), EnvoyStatusPort: 15021, EnvoyPrometheusPort: 15090,
	})
	if err != nil {
		return nil, nil, err
	}
	var text bytes.Buffer
	if err := bootstrap.New(bootstrap.Config{Node: metadata}).WriteTo(template, &text); err != nil {
		return nil, nil, err
	}
	var rendered map[string]any
	if err := json.Unmarshal(text.Bytes(), &rendered); err != nil {
		return nil, nil, fmt.Errorf("bootstrap of %s: %w", p.Name, err)
	}
	node := rendered["node"].(map[string]any)
	fields, err := structpb.NewStruct(node["metadata"].(map[string]any))
	if err != nil {
		return nil, nil, err
	}
	return rendered, &core.Node{Id: node["id"].(string), Cluster: node["cluster"].(string), Metadata: fields}, nil
}

// enterPodDirectory changes into a scratch directory with the pod's labels at the relative path where Istio reads
// them (Kubernetes' downward API writes them there).
func enterPodDirectory(p proxy) (leave func(), err error) {
	home, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "istio-pod")
	if err != nil {
		return nil, err
	}
	leave = func() {
		_ = os.Chdir(home)
		_ = os.RemoveAll(scratch)
	}
	names := make([]string, 0, len(p.Labels))
	for name := range p.Labels {
		names = append(names, name)
	}
	sort.Strings(names)
	var lines strings.Builder
	for _, name := range names {
		fmt.Fprintf(&lines, "%s=%s\n", name, strconv.Quote(p.Labels[name]))
	}
	directory := filepath.Join(scratch, "etc", "istio", "pod")
	err = os.MkdirAll(directory, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(directory, "labels"), []byte(lines.String()), 0o600)
	}
	if err == nil {
		err = os.Chdir(scratch)
	}
	if err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}
