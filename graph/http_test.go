package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pontage/pontage/graph"
	"github.com/pontage/pontage/graph/limit"
	"github.com/pontage/pontage/storage/storagetest"
)

// sqliteWorld is for what has nothing to do with the database.
func sqliteWorld(t testing.TB, change func(*graph.Config)) *world {
	t.Helper()
	return newWorld(t, storagetest.Open(t, storagetest.SQLite(t)), change)
}

// A client of the protocol gets the status and the form it expects, whatever it sends.
func TestRequestsOverHTTP(t *testing.T) {
	w := sqliteWorld(t, nil)
	for _, c := range []struct {
		name, contentType, accept, body string
		status                          int
		code                            string
	}{
		{"a document", "application/json", "", `{"query":"{__typename}"}`, 200, ""},
		{"with a charset", "application/json; charset=UTF-8", "*/*", `{"query":"{__typename}"}`, 200, ""},
		{"nulls", "application/json", "", `{"query":"{__typename}","variables":null,"operationName":null,"extensions":null}`, 200, ""},
		{"no content type", "", "", `{"query":"{__typename}"}`, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a form", "application/x-www-form-urlencoded", "", `query={__typename}`, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"another charset", "application/json; charset=latin1", "", `{"query":"{__typename}"}`, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"no JSON", "application/json", "", `{"query":`, 400, "INVALID_INPUT"},
		{"a batch", "application/json", "", `[` + strings.Repeat(`{"query":"{__typename}"},`, 49) + `{"query":"{__typename}"}]`, 400, "INVALID_INPUT"},
		{"something behind it", "application/json", "", `{"query":"{__typename}"} {}`, 400, "INVALID_INPUT"},
		{"no query", "application/json", "", `{}`, 400, "INVALID_INPUT"},
		{"a number as query", "application/json", "", `{"query":1}`, 400, "INVALID_INPUT"},
		{"a list of variables", "application/json", "", `{"query":"{__typename}","variables":[]}`, 400, "INVALID_INPUT"},
		{"a text of extensions", "application/json", "", `{"query":"{__typename}","extensions":"x"}`, 400, "INVALID_INPUT"},
		{"bytes that are no text", "application/json", "", "{\"query\":\"{__typename}\xff\"}", 400, "INVALID_INPUT"},
		{"64 KiB and more", "application/json", "", `{"query":"` + strings.Repeat(" ", 64<<10) + `{__typename}"}`, 413, "TOO_LARGE"},
		{"a syntax error", "application/json", "", `{"query":"{"}`, 200, "GRAPHQL_PARSE_FAILED"},
		{"a syntax error for GraphQL clients", "application/json", "application/graphql-response+json", `{"query":"{"}`, 400, "GRAPHQL_PARSE_FAILED"},
		{"an unknown field", "application/json", "application/json", `{"query":"{nothing}"}`, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown field for GraphQL clients", "application/json", "application/graphql-response+json", `{"query":"{nothing}"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a missing variable", "application/json", "", `{"query":"query($id:ID!){node(id:$id){id}}"}`, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown operation", "application/json", "", `{"query":"query A{__typename}","operationName":"B"}`, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a subscription", "application/json", "", `{"query":"subscription{x}"}`, 200, "GRAPHQL_VALIDATION_FAILED"},
	} {
		headers := []string{"Accept", c.accept}
		if c.contentType != "" {
			headers = append(headers, "Content-Type", c.contentType)
		}
		r := w.post("", c.body, headers...)
		if r.Status != c.status || r.code() != c.code || r.Extensions.RequestID == "" || r.Extensions.RequestID != r.Header.Get("Pontage-Request-Id") {
			t.Errorf("%s: %d %s", c.name, r.Status, r.Raw)
		}
		if strings.Contains(r.Raw, `"data"`) != (c.code == "") {
			t.Errorf("%s: data only where something was executed: %s", c.name, r.Raw)
		}
		if len(r.Raw) > 2_000 {
			t.Errorf("%s: an answer of %d bytes", c.name, len(r.Raw))
		}
	}
}

func TestReadingIsPossibleByGETAndChangingIsNot(t *testing.T) {
	w := sqliteWorld(t, nil)
	get := func(query string, headers ...string) *reply {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"?"+query, nil)
		must(t, err)
		return w.send(request, w.ann.basic(), headers...)
	}
	if r := get("query=" + url.QueryEscape("query($i:ID!){node(id:$i){id}}") + "&variables=" + url.QueryEscape(`{"i":"`+string(w.ann.id)+`"}`)); r.get("node.id") != string(w.ann.id) {
		t.Errorf("%d %s", r.Status, r.Raw)
	}
	r := get("query=" + url.QueryEscape(`mutation{createAPIKey(input:{label:"x"}){text}}`))
	if r.Status != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "POST" || r.code() != "METHOD_NOT_ALLOWED" {
		t.Errorf("a mutation by GET: %d %s", r.Status, r.Raw)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.url, strings.NewReader("{}"))
	must(t, err)
	if r := w.send(request, ""); r.Status != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, POST" {
		t.Errorf("PUT: %d", r.Status)
	}
}

// A page of another site cannot make a browser that is logged in here send anything.
func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	w := sqliteWorld(t, nil)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		if r := w.ask(w.ann.basic(), "{__typename}", nil, headers...); r.Status != http.StatusForbidden || r.code() != "FORBIDDEN" {
			t.Errorf("%v: %d %s", headers, r.Status, r.Raw)
		}
	}
	if r := w.ask(w.ann.basic(), "{__typename}", nil, "Sec-Fetch-Site", "same-origin"); r.Status != http.StatusOK {
		t.Errorf("our own page: %d", r.Status)
	}
}

// What is dear is refused at once and in few words, and says what it was.
func TestAttacksAreRefusedInFewWords(t *testing.T) {
	w := sqliteWorld(t, nil)
	bomb := "{ viewer { ...F0 } }"
	for i := range 30 {
		bomb += fmt.Sprintf(" fragment F%d on Account { ...F%d ...F%d }", i, i+1, i+1)
	}
	bomb += " fragment F30 on Account { id }"
	for name, c := range map[string]struct{ query, limit string }{
		"a fragment bomb":        {bomb, "fields"},
		"10,000 equal fields":    {"{viewer{" + strings.Repeat("id ", 10_000) + "}}", "tokens"},
		"20,000 directives":      {"{viewer{id" + strings.Repeat("@a", 20_000) + "}}", "tokens"},
		"16 aliases":             {"{a:viewer{b:id c:id d:id e:id f:id g:id h:id i:id j:id k:id l:id m:id n:id o:id p:id}}", "aliases"},
		"a page of pages":        {`{nodes(ids:["` + strings.Repeat(`a","`, 150) + `"]){id} apiKeys(first:100000){nodes{id}}}`, "cost"},
		"900 fields that differ": {"{viewer{" + unknownFields(900) + "}}", ""},
	} {
		r := w.ask(w.ann.basic(), c.query, nil)
		if c.limit != "" && (r.code() != "TOO_LARGE" || r.Errors[0].Extensions.Limit != c.limit) || len(r.Errors) == 0 || len(r.Raw) > 32<<10 {
			t.Errorf("%s: %d, %d bytes: %.300s", name, r.Status, len(r.Raw), r.Raw)
		}
	}
	if l := limit.Default(); l.Depth != 8 || l.Aliases != 15 || l.Tokens != 1_000 || l.Directives != 50 {
		t.Errorf("the documented limits are others: %+v", l)
	}
}

func unknownFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "f%d ", i)
	}
	return b.String()
}

// Production tells nobody what it could be asked; the sandbox helps.
func TestOnlyTheSandboxExplainsItself(t *testing.T) {
	for _, explore := range []bool{false, true} {
		w := sqliteWorld(t, func(c *graph.Config) { c.Explore = explore })
		for _, query := range []string{"{__schema{queryType{name}}}", `{__type(name:"Account"){name}}`} {
			if r := w.ask("", query, nil); (len(r.Errors) == 0) != explore {
				t.Errorf("explore %v: %s", explore, r.Raw)
			}
		}
		if r := w.ask("", "{viewr{id}}", nil); strings.Contains(r.Raw, "viewer") != explore {
			t.Errorf("explore %v: suggestion: %s", explore, r.Raw)
		}
	}
}

// The query every tool sends first must pass the limits.
func TestToolsCanReadTheWholeSchemaInTheSandbox(t *testing.T) {
	w := sqliteWorld(t, func(c *graph.Config) { c.Explore = true })
	r := w.data("", introspection, nil)
	if types, _ := r.get("__schema.types").([]any); len(types) < 20 {
		t.Errorf("%d types", len(types))
	}
}

const introspection = `query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
	types { ...FullType } directives { name description locations args { ...InputValue } } } }
fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`

func hashOf(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}

func persisted(query, hash string) string {
	body, _ := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}})
	if query == "" {
		return strings.Replace(string(body), `,"query":""`, "", 1)
	}
	return string(body)
}

// A document is sent once, and named by its hash from then on; a hash is good for its own text alone.
func TestPersistedQueries(t *testing.T) {
	w := sqliteWorld(t, nil)
	const query = "{ __typename }"
	send := func(body string) *reply { return w.post("", body, "Content-Type", "application/json") }
	if r := send(persisted("", hashOf(query))); r.code() != "PERSISTED_QUERY_NOT_FOUND" || r.Status != 200 {
		t.Errorf("%d %s", r.Status, r.Raw)
	}
	if r := send(persisted(query, hashOf("{ other }"))); r.Status != 400 || r.code() != "INVALID_INPUT" {
		t.Errorf("another text's hash: %d %s", r.Status, r.Raw)
	}
	if r := send(persisted(query, hashOf(query))); r.get("__typename") != "Query" {
		t.Errorf("%s", r.Raw)
	}
	if r := send(persisted("", hashOf(query))); r.get("__typename") != "Query" {
		t.Errorf("%s", r.Raw)
	}
	if r := send(`{"documentId":"sha256:` + hashOf(query) + `"}`); r.get("__typename") != "Query" {
		t.Errorf("%s", r.Raw)
	}
	bad := "{ viewer { " + strings.Repeat("id ", 2_000) + "} }"
	send(persisted(bad, hashOf(bad)))
	if r := send(persisted("", hashOf(bad))); r.code() != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("a refused document is remembered: %s", r.Raw)
	}
}

// Where only trusted documents are answered, a stranger cannot ask anything of his own.
func TestOnlyTrustedDocumentsWhereThatIsWanted(t *testing.T) {
	const query = "{ viewer { email } }"
	w := sqliteWorld(t, func(c *graph.Config) {
		c.Documents, c.OnlyDocuments = map[string]string{hashOf(query): query}, true
	})
	send := func(body string) *reply { return w.post(w.ann.basic(), body, "Content-Type", "application/json") }
	for _, body := range []string{`{"documentId":"sha256:` + hashOf(query) + `"}`, persisted("", hashOf(query)), persisted(query, hashOf(query))} {
		if r := send(body); r.get("viewer.email") != w.ann.email {
			t.Errorf("%s: %s", body, r.Raw)
		}
	}
	other := "{ viewer { id } }"
	for _, body := range []string{persisted(other, hashOf(other)), persisted("", hashOf(other)), `{"query":"{__typename}"}`} {
		if r := send(body); r.Status != http.StatusForbidden || r.code() != "FORBIDDEN" {
			t.Errorf("%s: %d %s", body, r.Status, r.Raw)
		}
	}
	if _, err := graph.New(graph.Config{OnlyDocuments: true}); err == nil || !strings.Contains(err.Error(), "documents") {
		t.Errorf("none at all: %v", err)
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	w := sqliteWorld(t, func(c *graph.Config) { c.Explore = true })
	plain := len(w.ask("", introspection, nil, "Accept-Encoding", "identity").Raw)
	for encoding, want := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "gzip;q=0": "", "identity": ""} {
		r := w.ask("", introspection, nil, "Accept-Encoding", encoding)
		if r.Header.Get("Content-Encoding") != want || !strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: %q", encoding, r.Header.Get("Content-Encoding"))
		}
		if want == "gzip" && len(r.Raw) > plain/4 {
			t.Errorf("%d of %d bytes", len(r.Raw), plain)
		}
	}
}

// Who calls is proved before anything is looked at, and bad credentials are nobody's.
func TestCredentials(t *testing.T) {
	w := sqliteWorld(t, nil)
	for name, authorization := range map[string]string{
		"a wrong key": w.ann.email + ":x", "another one's key": w.ann.email + ":" + w.bob.key, "a forged bearer": "pt_test_x",
		"the other instance's key": w.ann.email + ":" + strings.Replace(w.ann.key, "pt_test", "pt_live", 1),
	} {
		r := w.ask(authorization, "{viewer{id}}", nil)
		if r.Status != http.StatusUnauthorized || r.code() != "UNAUTHENTICATED" || r.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, r.Status, r.Raw)
		}
	}
	if r := w.ask("", "{viewer{id}}", nil); r.Status != http.StatusOK || r.code() != "UNAUTHENTICATED" || fmt.Sprint(r.Errors[0].Path) != "[viewer]" {
		t.Errorf("nobody: %d %s", r.Status, r.Raw)
	}
	if r := w.data(w.ann.basic(), "{viewer{id email name createdAt}}", nil); r.get("viewer.email") != w.ann.email {
		t.Errorf("%s", r.Raw)
	}
}

// Whoever asks for parts later gets them now: nothing may be missing from the one answer there is.
func TestWhatMayBeDeferredIsAnsweredAtOnce(t *testing.T) {
	w := sqliteWorld(t, nil)
	w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{name:"mine",scopes:$s}){bearer}}`,
		map[string]any{"s": []string{"*:" + platformHost + "/*"}})
	r := w.data(w.ann.basic(), `{tokens{nodes{id ...@defer{name usage{totalRequests addresses}}}}}`, nil)
	if !strings.Contains(r.Raw, `"name":"mine","usage":{"totalRequests":0,"addresses":[]}`) || strings.Contains(r.Raw, "hasNext") {
		t.Error(r.Raw)
	}
}
