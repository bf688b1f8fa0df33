package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	yamlstream "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"bufio"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
	kubelib "istio.io/istio/pkg/kube"
)

type manifests struct {
	kubernetes []runtime.Object
	// istio is the YAML stream of everything whose API group is Istio's.
	istio string
}

// finding is one remark of Istio's admission validation.
type finding struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Warning string `json:"warning,omitempty"`
	Error   string `json:"error,omitempty"`
}

// readManifests sorts the documents of the files into Kubernetes objects and Istio configuration.
func readManifests(files []string) (found manifests, err error) {
	decoder := kubelib.IstioCodec.UniversalDeserializer()
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return found, err
		}
		stream := yamlstream.NewYAMLReader(bufio.NewReader(bytes.NewReader(raw)))
		for {
			text, err := stream.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return found, fmt.Errorf("%s: %w", file, err)
			}
			var head struct {
				APIVersion string `json:"apiVersion"`
				Kind       string `json:"kind"`
			}
			if err := yaml.Unmarshal(text, &head); err != nil {
				return found, fmt.Errorf("%s: %w", file, err)
			}
			switch {
			case head.Kind == "":
			case strings.Contains(head.APIVersion, "istio.io/"):
				found.istio += "\n---\n" + string(text)
			default:
				object, _, err := decoder.Decode(text, nil, nil)
				if err != nil {
					return found, fmt.Errorf("%s: %s %s: %w", file, head.APIVersion, head.Kind, err)
				}
				found.kubernetes = append(found.kubernetes, object)
			}
		}
	}
	return found, nil
}

// istioConfigs parses and judges Istio's resources, and completes what the API server and istiod would: the
// namespace, the cluster's domain, and (fixed, for the same output at every run) version and creation time.
func istioConfigs(stream string) (configs []config.Config, findings []finding, err error) {
	configs, unknown, err := crd.ParseInputs(stream)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range unknown {
		return nil, nil, fmt.Errorf("%s %s: Istio knows no such kind", u.APIVersion, u.Kind)
	}
	findings = []finding{}
	for i := range configs {
		c := &configs[i]
		if c.Namespace == "" {
			c.Namespace = "default"
		}
		c.Domain = "cluster.local"
		c.ResourceVersion = strconv.Itoa(1000 + i)
		c.CreationTimestamp = time.Unix(int64(1_700_000_000+i), 0)
		schema, known := collections.Pilot.FindByGroupVersionAliasesKind(c.GroupVersionKind)
		if !known {
			continue
		}
		warning, err := schema.ValidateConfig(*c)
		if warning == nil && err == nil {
			continue
		}
		f := finding{Kind: c.GroupVersionKind.Kind, Name: c.Namespace + "/" + c.Name}
		if warning != nil {
			f.Warning = warning.Error()
		}
		if err != nil {
			f.Error = err.Error()
		}
		findings = append(findings, f)
	}
	return configs, findings, nil
}
