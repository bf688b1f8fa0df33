package main

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// proxy is one Envoy that would ask istiod for its configuration.
type proxy struct {
	// Name is `gateway`, or the name of the Deployment whose sidecar it is.
	Name           string            `json:"name"`
	Type           string            `json:"type"` // router or sidecar
	Namespace      string            `json:"namespace"`
	Workload       string            `json:"workload"`
	Pod            string            `json:"pod"`
	IP             string            `json:"ip"`
	Labels         map[string]string `json:"labels"`
	ServiceAccount string            `json:"serviceAccount"`
}

// cluster holds the objects of the manifests and those that Kubernetes' controllers would add to them.
type cluster struct {
	objects []runtime.Object
	pods    []*corev1.Pod
	proxies []proxy
	virtual int
}

const ingressGateway = "istio-ingressgateway"

// newCluster adds an ingress gateway as the default profile installs it, one pod per Deployment (the gateway's is
// the first, so that its address does not depend on the manifests), and the endpoints of each Service.
func newCluster(manifests []runtime.Object) *cluster {
	c := &cluster{objects: manifests}
	c.addGateway()
	for _, object := range manifests {
		if d, ok := object.(*appsv1.Deployment); ok {
			c.addWorkload(d)
		}
	}
	for _, object := range append([]runtime.Object{}, c.objects...) {
		if s, ok := object.(*corev1.Service); ok {
			c.completeService(s)
			c.addEndpoints(s)
		}
	}
	return c
}

func (c *cluster) addGateway() {
	gatewayLabels := map[string]string{"app": ingressGateway, "istio": "ingressgateway"}
	c.objects = append(c.objects, &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: metav1.ObjectMeta{Name: ingressGateway, Namespace: "istio-system", Labels: gatewayLabels},
		Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeLoadBalancer, ClusterIP: "10.96.0.10", Selector: gatewayLabels,
			Ports: []corev1.ServicePort{
				{Name: "http2", Port: 80, TargetPort: intstr.FromInt32(8080)},
				{Name: "https", Port: 443, TargetPort: intstr.FromInt32(8443)},
			},
		},
	})
	pod := c.addPod("istio-system", ingressGateway, gatewayLabels, ingressGateway+"-service-account")
	c.addProxy("gateway", "router", ingressGateway, pod)
}

func (c *cluster) addWorkload(d *appsv1.Deployment) {
	if d.Namespace == "" {
		d.Namespace = "default"
	}
	account := d.Spec.Template.Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	pod := c.addPod(d.Namespace, d.Name, d.Spec.Template.Labels, account)
	c.addProxy(d.Name, "sidecar", d.Name, pod)
}

func (c *cluster) addPod(namespace, workload string, podLabels map[string]string, account string) *corev1.Pod {
	address := fmt.Sprintf("10.244.0.%d", len(c.pods)+1)
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: workload + "-7b9c6d5f4-xk2vp", Namespace: namespace, Labels: podLabels},
		Spec:       corev1.PodSpec{NodeName: "node1", ServiceAccountName: account},
		Status: corev1.PodStatus{
			Phase: corev1.PodRunning, PodIP: address, PodIPs: []corev1.PodIP{{IP: address}},
			Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
		},
	}
	c.pods = append(c.pods, pod)
	c.objects = append(c.objects, pod)
	return pod
}

func (c *cluster) addProxy(name, kind, workload string, pod *corev1.Pod) {
	c.proxies = append(c.proxies, proxy{
		Name: name, Type: kind, Namespace: pod.Namespace, Workload: workload, Pod: pod.Name,
		IP: pod.Status.PodIP, Labels: pod.Labels, ServiceAccount: pod.Spec.ServiceAccountName,
	})
}

// completeService sets what the API server defaults.
func (c *cluster) completeService(s *corev1.Service) {
	if s.Namespace == "" {
		s.Namespace = "default"
	}
	if s.Spec.ClusterIP == "" {
		c.virtual++
		s.Spec.ClusterIP = fmt.Sprintf("10.96.0.%d", 100+c.virtual)
	}
	s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	for i := range s.Spec.Ports {
		port := &s.Spec.Ports[i]
		if port.Protocol == "" {
			port.Protocol = corev1.ProtocolTCP
		}
		if port.TargetPort == (intstr.IntOrString{}) {
			port.TargetPort = intstr.FromInt32(port.Port)
		}
	}
}

func (c *cluster) addEndpoints(s *corev1.Service) {
	if len(s.Spec.Selector) == 0 {
		return
	}
	ready, tcp := true, corev1.ProtocolTCP
	slice := &discovery.EndpointSlice{
		TypeMeta:    metav1.TypeMeta{APIVersion: "discovery.k8s.io/v1", Kind: "EndpointSlice"},
		ObjectMeta:  metav1.ObjectMeta{Name: s.Name + "-1", Namespace: s.Namespace, Labels: map[string]string{discovery.LabelServiceName: s.Name}},
		AddressType: discovery.AddressTypeIPv4,
	}
	for _, pod := range c.pods {
		if pod.Namespace == s.Namespace && labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(pod.Labels)) {
			slice.Endpoints = append(slice.Endpoints, discovery.Endpoint{
				Addresses:  []string{pod.Status.PodIP},
				Conditions: discovery.EndpointConditions{Ready: &ready},
				TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
			})
		}
	}
	for i := range s.Spec.Ports {
		// A named target port is looked up in the pod by Kubernetes; the examples use numbers.
		number := s.Spec.Ports[i].TargetPort.IntVal
		slice.Ports = append(slice.Ports, discovery.EndpointPort{Name: &s.Spec.Ports[i].Name, Port: &number, Protocol: &tcp})
	}
	c.objects = append(c.objects, slice)
}
