package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pontage/pontage/server"
)

// graphQL sends a body to an instance's GraphQL API and gives the status and the whole answer.
func (p *platform) graphQL(r server.Running, body string) (int, string) {
	p.Helper()
	a := p.ask("POST", r.URL+"/graphql", basic(r), body)
	return a.Status, string(a.Raw)
}

// Each instance answers GraphQL with its own money, and only the sandbox explains its schema.
func TestBothInstancesAnswerGraphQL(t *testing.T) {
	p := serve(t, nil)
	for _, r := range []server.Running{p.production, p.sandbox} {
		if status, raw := p.graphQL(r, `{"query":"{viewer{email} wallet{credit}}"}`); status != 200 || !strings.Contains(raw, `"credit":"10"`) || !strings.Contains(raw, r.Demo.Email) {
			t.Errorf("%s: %d %s", r.Name, status, raw)
		}
		if _, raw := p.graphQL(r, `{"query":"{__schema{queryType{name}}}"}`); strings.Contains(raw, `"Query"`) != (r.Name == server.Sandbox) {
			t.Errorf("%s: %s", r.Name, raw)
		}
	}
}

// Where production answers trusted documents only, the sandbox still answers what developers try.
func TestProductionCanRequireTrustedDocuments(t *testing.T) {
	const query = "{viewer{email}}"
	sum := sha256.Sum256([]byte(query))
	hash := hex.EncodeToString(sum[:])
	file := filepath.Join(t.TempDir(), "documents.json")
	data, _ := json.Marshal(map[string]string{hash: query})
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	p := serve(t, func(c *server.Config) { c.GraphQLDocuments, c.GraphQLTrusted = file, true })
	if status, raw := p.graphQL(p.production, `{"documentId":"sha256:`+hash+`"}`); status != 200 || !strings.Contains(raw, p.production.Demo.Email) {
		t.Errorf("%d %s", status, raw)
	}
	if status, raw := p.graphQL(p.production, `{"query":"{viewer{id}}"}`); status != http.StatusForbidden {
		t.Errorf("%d %s", status, raw)
	}
	if status, raw := p.graphQL(p.sandbox, `{"query":"{viewer{id}}"}`); status != 200 {
		t.Errorf("the sandbox: %d %s", status, raw)
	}
	c := defaults(t.TempDir())
	c.GraphQLTrusted = true
	if err := c.Complete(); err == nil || !strings.Contains(err.Error(), "graphql-documents") {
		t.Errorf("without a file: %v", err)
	}
}
