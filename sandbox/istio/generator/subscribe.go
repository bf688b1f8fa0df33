package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"sort"
	"time"

	cluster3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listener3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	discovery3 "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/anypb"

	v3 "istio.io/istio/pilot/pkg/xds/v3"
	"istio.io/istio/pilot/test/xds"
)

// reply is all that a proxy ends up with: what istiod sent, its extension resources before and after the agent.
type reply struct {
	Proxy      proxy             `json:"proxy"`
	Bootstrap  map[string]any    `json:"bootstrap"`
	Clusters   []json.RawMessage `json:"clusters"`
	Endpoints  []json.RawMessage `json:"endpoints"`
	Listeners  []json.RawMessage `json:"listeners"`
	Routes     []json.RawMessage `json:"routes"`
	Extensions []json.RawMessage `json:"extensions"`
	// AfterAgent are the extensions as Envoy gets them when the agent has downloaded the module.
	AfterAgent []json.RawMessage `json:"extensionsAfterAgent"`
	// AfterFailure are the extensions as Envoy gets them when the download failed.
	AfterFailure []json.RawMessage `json:"extensionsAfterFailedDownload"`
	Downloads    []download        `json:"downloads"`
}

type subscription struct {
	stream discovery3.AggregatedDiscoveryService_StreamAggregatedResourcesClient
	node   *core.Node
}

// subscribe asks like Envoy does: clusters, their endpoints, listeners, then the routes and extensions they name.
func subscribe(server *xds.FakeDiscoveryServer, p proxy, bootstrap map[string]any, node *core.Node) (answer reply, err error) {
	connection, err := grpc.NewClient("passthrough:///istiod",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return server.BufListener.Dial() }))
	if err != nil {
		return answer, err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stream, err := discovery3.NewAggregatedDiscoveryServiceClient(connection).StreamAggregatedResources(ctx)
	if err != nil {
		return answer, err
	}
	s := subscription{stream, node}

	clusters, err := s.get(v3.ClusterType, nil)
	check(err)
	endpoints, err := s.get(v3.EndpointType, endpointNames(clusters))
	check(err)
	listeners, err := s.get(v3.ListenerType, nil)
	check(err)
	routeNames, extensionNames := namesIn(listeners)
	routes, err := s.get(v3.RouteType, routeNames)
	check(err)
	extensions, err := s.get(v3.ExtensionConfigurationType, extensionNames)
	check(err)

	converted, downloads := throughAgent(extensions, true)
	refused, _ := throughAgent(extensions, false)
	return reply{
		Proxy: p, Bootstrap: bootstrap, Downloads: downloads,
		Clusters: asJSON(clusters), Endpoints: asJSON(endpoints), Listeners: asJSON(listeners), Routes: asJSON(routes),
		Extensions: asJSON(extensions), AfterAgent: asJSON(converted), AfterFailure: asJSON(refused),
	}, nil
}

// get asks for one type of resource, all of them when names is nil, and acknowledges the answer.
func (s subscription) get(typeURL string, names []string) ([]*anypb.Any, error) {
	if names != nil && len(names) == 0 {
		return nil, nil
	}
	request := &discovery3.DiscoveryRequest{Node: s.node, TypeUrl: typeURL, ResourceNames: names}
	if err := s.stream.Send(request); err != nil {
		return nil, err
	}
	for {
		response, err := s.stream.Recv()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", typeURL, err)
		}
		if response.TypeUrl != typeURL {
			continue
		}
		return response.Resources, s.stream.Send(&discovery3.DiscoveryRequest{
			Node: s.node, TypeUrl: typeURL, ResourceNames: names, VersionInfo: response.VersionInfo, ResponseNonce: response.Nonce,
		})
	}
}

func endpointNames(clusters []*anypb.Any) []string {
	names := []string{}
	for _, resource := range clusters {
		c := &cluster3.Cluster{}
		check(resource.UnmarshalTo(c))
		if c.GetType() == cluster3.Cluster_EDS {
			names = append(names, c.GetEdsClusterConfig().GetServiceName())
		}
	}
	return names
}

// namesIn collects the names of the route configurations and of the extensions that listeners leave to be asked for.
func namesIn(listeners []*anypb.Any) (routes, extensions []string) {
	routeSet, extensionSet := map[string]bool{}, map[string]bool{}
	for _, resource := range listeners {
		l := &listener3.Listener{}
		check(resource.UnmarshalTo(l))
		for _, chain := range append(append([]*listener3.FilterChain{}, l.FilterChains...), l.DefaultFilterChain) {
			for _, filter := range chain.GetFilters() {
				manager := &hcm.HttpConnectionManager{}
				if filter.GetTypedConfig() == nil || filter.GetTypedConfig().UnmarshalTo(manager) != nil {
					continue
				}
				if rds := manager.GetRds(); rds != nil {
					routeSet[rds.RouteConfigName] = true
				}
				for _, httpFilter := range manager.HttpFilters {
					if httpFilter.GetConfigDiscovery() != nil {
						extensionSet[httpFilter.Name] = true
					}
				}
			}
		}
	}
	return sorted(routeSet), sorted(extensionSet)
}

func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// asJSON writes resources with their @type, in a stable form (protojson varies its white space on purpose).
func asJSON(resources []*anypb.Any) []json.RawMessage {
	list := []json.RawMessage{}
	for _, resource := range resources {
		text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(resource)
		check(err)
		var compact bytes.Buffer
		check(json.Compact(&compact, text))
		list = append(list, compact.Bytes())
	}
	return list
}
