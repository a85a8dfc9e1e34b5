package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"os"

	"github.com/pontage/pontage/graph"
	"github.com/pontage/pontage/graph/cookie"
	"github.com/pontage/pontage/openapi/docs"
)

// graphQL gives the handler of the GraphQL API.
func (i *Instance) graphQL(trusted []netip.Prefix) (http.Handler, error) {
	documents, err := readDocuments(i.Config.GraphQLDocuments)
	if err != nil {
		return nil, err
	}
	maps.Copy(documents, docs.Actions()) // what our own pages send
	return graph.New(graph.Config{
		Accounts: i.Accounts, Partners: i.Partners, Tokens: i.OAuth, Catalog: i.Catalog, Meter: i.Meter, Idempotency: i.Idempotency,
		Sessions: cookie.New(i.Name(), i.PublicURL(), i.clock),
		Keys:     i.keys, Clock: i.clock, Logger: i.log, PlatformHost: i.PlatformHost(), PublicURL: i.PublicURL(), RatePerMinute: i.Config.RatePerMinute, TrustedProxies: trusted, Explore: i.values.explore,
		Documents: documents, OnlyDocuments: i.Config.GraphQLTrusted && !i.values.explore, Suppose: i.values.suppose,
	})
}

// readDocuments reads trusted documents: a JSON object of texts by the SHA-256 of each.
func readDocuments(file string) (map[string]string, error) {
	documents := map[string]string{}
	if file == "" {
		return documents, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("graphql-documents: %w", err)
	}
	if err := json.Unmarshal(data, &documents); err != nil {
		return nil, fmt.Errorf("graphql-documents: %s is no JSON object of texts: %w", file, err)
	}
	if documents == nil {
		return nil, fmt.Errorf("graphql-documents: %s is no JSON object of texts", file)
	}
	return documents, nil
}
