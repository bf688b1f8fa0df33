package main

import (
	"errors"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"istio.io/istio/pkg/wasm"
)

// download is what the agent next to Envoy would fetch.
type download struct {
	URL      string `json:"url"`
	Checksum string `json:"checksum"`
}

// moduleCache stands in for the agent's cache of downloaded modules.
type moduleCache struct {
	works     bool
	downloads []download
}

func (c *moduleCache) Get(url string, options wasm.GetOptions) (string, error) {
	c.downloads = append(c.downloads, download{URL: url, Checksum: options.Checksum})
	if !c.works {
		return "", errors.New("the registry does not answer")
	}
	return "plugin.wasm", nil
}

func (c *moduleCache) Cleanup() {}

// throughAgent applies the agent's conversion: a remote module becomes a local file or, when the download fails, what
// the failure strategy makes of it.
func throughAgent(resources []*anypb.Any, works bool) ([]*anypb.Any, []download) {
	copies := make([]*anypb.Any, len(resources))
	for i, resource := range resources {
		copies[i] = proto.Clone(resource).(*anypb.Any)
	}
	cache := &moduleCache{works: works, downloads: []download{}}
	_ = wasm.MaybeConvertWasmExtensionConfig(copies, cache) // its error repeats what the resources already say
	return copies, cache.downloads
}
