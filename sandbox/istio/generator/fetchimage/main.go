// Command fetchimage reads a module out of an OCI image layout the way Istio's agent does: the layout is pushed to a
// registry in this process, and Istio's own image fetcher gets the module from there.
//
//	fetchimage -layout release/oci -tag 0.1.0 -o plugin.wasm
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"istio.io/istio/pkg/wasm"
)

const tagAnnotation = "org.opencontainers.image.ref.name"

func main() {
	directory := flag.String("layout", "", "OCI image layout")
	tag := flag.String("tag", "", "which of its images")
	out := flag.String("o", "", "where to write the module")
	flag.Parse()
	if err := fetch(*directory, *tag, *out); err != nil {
		fmt.Fprintln(os.Stderr, "fetchimage:", err)
		os.Exit(1)
	}
}

func fetch(directory, tag, out string) error {
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	reference := strings.TrimPrefix(server.URL, "http://") + "/moesif-envoy-wasm-plugin:" + tag
	if err := push(directory, tag, reference); err != nil {
		return err
	}
	read, digest, err := wasm.NewImageFetcher(context.Background(), wasm.ImageFetcherOption{Insecure: true}).PrepareFetch(reference)
	if err != nil {
		return err
	}
	module, err := read()
	if err != nil {
		return err
	}
	fmt.Printf("sha256:%s, %d bytes\n", digest, len(module))
	return os.WriteFile(out, module, 0o644)
}

func push(directory, tag, reference string) error {
	index, err := layout.ImageIndexFromPath(directory)
	if err != nil {
		return err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	target, err := name.ParseReference(reference, name.Insecure)
	if err != nil {
		return err
	}
	for _, descriptor := range manifest.Manifests {
		if descriptor.Annotations[tagAnnotation] != tag {
			continue
		}
		image, err := index.Image(descriptor.Digest)
		if err != nil {
			return err
		}
		return remote.Write(target, image)
	}
	return fmt.Errorf("no image is tagged %s", tag)
}
