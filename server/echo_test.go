package server_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/server"
)

// pair is an operation that posts to a list and one that reads below it.
type pair struct{ host, list, parameter string }

// importAll imports the documents PONTAGE_APIS names, or the repository's own small ones, into the running sandbox for nothing a call, and
// gives their pairs.
func (r *rehearsal) importAll() (documents int, pairs []pair) {
	r.Helper()
	folder := os.Getenv("PONTAGE_APIS")
	if folder == "" {
		folder = "../catalog/testdata"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		r.Fatalf("no documents in %s: %v", folder, err)
	}
	in := catalog.ImportInput{Prices: []byte(`scopes: {"*:*/*": {prices: {request: 0}}}`)}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			r.Fatal(err)
		}
		in.Documents = append(in.Documents, catalog.Document{Name: filepath.Base(file), Data: data})
	}
	report, err := r.inside.Catalog.Import(r.Context(), pontage.Operator(), in)
	if err != nil || report.Rejected() > 0 {
		r.Fatalf("%v %s", err, report)
	}
	all, err := r.inside.Store.Catalog(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	return len(files), pairsOf(all)
}

// pairsOf compares paths as texts.
func pairsOf(all *pontage.Catalog) (pairs []pair) {
	for _, post := range all.Operations {
		if post.Method != "POST" || strings.HasSuffix(post.Path, "}") {
			continue
		}
		for _, get := range all.Operations {
			below, ok := strings.CutPrefix(get.Path, post.Path+"/{")
			if !ok || get.APIID != post.APIID || get.Method != "GET" || strings.Index(below, "}") != len(below)-1 {
				continue
			}
			api := all.APIs[slices.IndexFunc(all.APIs, func(a pontage.API) bool { return a.ID == post.APIID })]
			if !api.Platform {
				pairs = append(pairs, pair{api.Host, post.Path, strings.TrimSuffix(below, "}")})
			}
		}
	}
	return pairs
}

// Whatever API a partner integrates with, what they post to a list is there under its name, in every document that has such a pair.
func TestPostThenGetInEveryDocument(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := &rehearsal{platform: p, inside: open(t, p.config, server.Sandbox)}
		r.T = t
		documents, pairs := r.importAll()
		if len(pairs) == 0 {
			t.Fatal("no document has a pair")
		}
		last := pairs[len(pairs)-1].host
		r.until(func() bool {
			return strings.Contains(string(r.ask("GET", r.sandbox.URL+"/scopes", basic(r.sandbox), "").Raw), last)
		})
		bearer := r.token(r.sandbox)
		read := 0
		for i, pair := range pairs {
			address, mine := r.sandbox.URL+"/apis/"+pair.host+pair.list, fmt.Sprintf("mine %d", i)
			for range 2 { // an equal request makes no second thing
				a := r.ask("POST", address, bearer, `{"rehearsed":"`+mine+`"}`)
				name := nameOf(a, pair.parameter)
				if name == "" { // the API leaves the name to the partner
					name = fmt.Sprintf("named-%d", i)
					a = r.ask("POST", address, bearer, `{"rehearsed":"`+mine+`","`+pair.parameter+`":"`+name+`"}`)
				}
				got := r.ask("GET", address+"/"+name, bearer, "")
				if a.Status > 299 || got.Status != 200 || about(got)["rehearsed"] != mine || nameOf(got, pair.parameter) != name {
					t.Errorf("POST %s: %d %s\nGET %s: %d %s", address, a.Status, a.Raw, name, got.Status, got.Raw)
				}
			}
			read++
		}
		var offer struct{ Kept struct{ Items int } }
		r.ask("GET", r.sandbox.URL+"/sandbox", basic(r.sandbox), "").into(t, &offer)
		if offer.Kept.Items != read {
			t.Errorf("%d things are kept of %d", offer.Kept.Items, read)
		}
		var done struct{ Forgotten int }
		r.ask("POST", r.sandbox.URL+"/sandbox/reset", bearer, "").into(t, &done)
		if done.Forgotten != read {
			t.Errorf("%d of %d things forgotten", done.Forgotten, read)
		}
		t.Logf("%d pairs in %d documents", read, documents)
	})
}

// about is the object an answer is about.
func about(a answer) map[string]any {
	var whole map[string]any
	if json.Unmarshal(a.Raw, &whole) != nil {
		return nil
	}
	if data, ok := whole["data"].(map[string]any); ok {
		return data
	}
	return whole
}

func nameOf(a answer, parameter string) string {
	if name := about(a)[parameter]; name != nil {
		return fmt.Sprint(name)
	}
	return ""
}
