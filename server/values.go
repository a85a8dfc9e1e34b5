package server

import (
	"fmt"

	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/openapi/docs"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/sandbox"
)

// values gives what the instance with this name is made of: the one place where production and sandbox differ.
func (c Config) values(name string) (values, error) {
	switch name {
	case Production:
		return values{
			name: name, title: "Production", endpoint: c.Production, credentialPrefix: "pt_live", upstream: proxyUpstream,
		}, nil
	case Sandbox:
		return values{
			name: name, title: "Sandbox", endpoint: c.Sandbox, credentialPrefix: "pt_test", hostPrefix: "test.", upstream: documentUpstream,
			play: playMoney, parts: []token.Part{token.Play}, suppose: sandbox.ReadSimulation,
			simulations: sandbox.Simulations(), magicValues: sandbox.MagicValues(), validateResponses: true, explore: true,
		}, nil
	}
	return values{}, fmt.Errorf("no instance %q: it is production or sandbox", name)
}

// proxyUpstream calls the API the operator named.
func proxyUpstream(i *Instance) (gateway.Upstream, error) {
	return gateway.NewProxyUpstream(gateway.ProxyConfig{Credential: i.Catalog.Credential, HeaderTimeout: i.Config.HeaderTimeout, Logger: i.log})
}

// documentUpstream answers from the API's own document.
func documentUpstream(i *Instance) (gateway.Upstream, error) {
	return sandbox.NewUpstream(sandbox.UpstreamConfig{Answers: i.Store, Echoes: i.Store, Routes: i.Catalog, Clock: i.clock}), nil
}

// instances are where partners reach production and sandbox, as documents say it.
func (c Config) instances() (all []docs.Instance) {
	for _, name := range []string{Production, Sandbox} {
		v, _ := c.values(name) // both names are known
		all = append(all, docs.Instance{Name: v.title, PublicURL: v.endpoint.PublicURL, HostPrefix: v.hostPrefix})
	}
	return all
}
