package graph_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/pontage/pontage/graph"
	"github.com/pontage/pontage/graph/explorer"
	"github.com/pontage/pontage/graph/limit"
)

var linked = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// A developer opens the sandbox's address in a browser and can ask at once, without anything from another place; production shows nothing.
func TestTheSandboxHasGraphiQL(t *testing.T) {
	for _, explore := range []bool{true, false} {
		w := sqliteWorld(t, func(c *graph.Config) { c.Explore = explore })
		get := func(path string, headers ...string) *reply {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(w.url, "/graphql")+path, nil)
			must(t, err)
			return w.send(request, "", headers...)
		}
		page := get("/graphql", "Accept", "text/html,*/*")
		if !explore {
			if strings.Contains(page.Raw, "<html") || get("/graphql/explorer/graphiql.js").Status != http.StatusNotFound {
				t.Errorf("production shows it: %d %.200s", page.Status, page.Raw)
			}
			continue
		}
		policy := page.Header.Get("Content-Security-Policy")
		if page.Status != http.StatusOK || !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe-eval") || strings.Contains(page.Raw, "<script>") {
			t.Errorf("%d %s %s", page.Status, policy, page.Raw)
		}
		links := linked.FindAllStringSubmatch(page.Raw, -1)
		if len(links) < 6 {
			t.Errorf("%d links", len(links))
		}
		for _, link := range append(links, []string{"", "/graphql/explorer/examples.json"}) {
			if !strings.HasPrefix(link[1], explorer.Path) {
				t.Errorf("%s is elsewhere", link[1])
			}
			if f := get(link[1], "Accept-Encoding", "identity"); f.Status != http.StatusOK || len(f.Raw) < 50 || f.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: %d, %d bytes", link[1], f.Status, len(f.Raw))
			}
		}
		if f := get("/graphql/explorer/graphiql.js", "Accept-Encoding", "gzip"); f.Header.Get("Content-Encoding") != "gzip" || len(f.Raw) > 1<<20 {
			t.Errorf("%d bytes", len(f.Raw))
		}
		for _, path := range []string{"/graphql/explorer/../handler.go", "/graphql/explorer/nothing", "/graphql/explorer/graphiql.js.gz.gz", "/graphql/explorer/"} {
			if f := get(path); f.Status != http.StatusNotFound {
				t.Errorf("%s: %d", path, f.Status)
			}
		}
	}
}

// An example that does not work is worse than none.
func TestTheExamplesFitTheSchemaAndTheLimits(t *testing.T) {
	schema := newGenerator(t).schema
	all, err := explorer.Examples()
	if err != nil || len(all) < 4 {
		t.Fatalf("%d examples, %v", len(all), err)
	}
	for _, text := range all {
		doc, err := gqlparser.LoadQueryWithRules(schema, text, rules.NewDefaultRules())
		if err != nil {
			t.Errorf("%s\n%v", text, err)
			continue
		}
		if err := limit.Default().Check(schema, doc, nil); err != nil {
			t.Errorf("%s\n%v", text, err)
		}
	}
}
