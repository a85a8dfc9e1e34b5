package openapi

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs/edition"
)

const document = `
openapi: 3.0.3
info: {title: Test, version: '1'}
servers: [{url: https://api.example.com}]
paths:
  /bridges:
    post:
      operationId: build
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties: {name: {type: string}, arches: {type: integer, x-go-type: int}, span: {type: number, maximum: 10}}
            examples: {one: {value: {name: "Arco d'Augusto at https://api.example.com", arches: 3}}}
      responses:
        '200':
          description: Built.
          content: {application/json: {schema: &answer {type: object, required: [data], properties: {data: {type: string}}}}}
        '400': {description: Wrong., content: {application/json: {schema: *answer}}}
  /bridges/{id}:
    get:
      operationId: show
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, example: a b}
        - {name: page, in: query, schema: {type: integer, maximum: 9}}
      responses:
        '200': {description: Shown., content: {application/json: {schema: *answer}}}
`

// newSurface answers every operation with data.
func newSurface(t *testing.T, data any, change func(*Config)) *Surface {
	t.Helper()
	var s *Surface
	answer := func(w http.ResponseWriter, r *http.Request) { s.Answer(w, r, data, nil) }
	c := Config{
		Document: []byte(document), Logger: slog.New(slog.DiscardHandler), Clock: func() time.Time { return time.Unix(0, 0) },
		Authenticate: func(http.ResponseWriter, *http.Request, *Operation) (pontage.Actor, error) {
			return pontage.Actor{}, nil
		},
		Challenge: func(*http.Request) []string { return []string{"Basic"} },
		Register: func(m Mux) {
			m.HandleFunc("POST /bridges", answer)
			m.HandleFunc("GET /bridges/{id}", answer)
		},
	}
	if change != nil {
		change(&c)
	}
	var err error
	if s, err = New(c); err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s http.Handler, method, path, body string) (int, pontage.Envelope) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	var env pontage.Envelope
	_ = json.Unmarshal(w.Body.Bytes(), &env) // an empty envelope is compared by the test
	return w.Code, env
}

// An answer that breaks the document is our fault and found in the sandbox, before a partner's generated client finds it.
func TestAnAnswerThatBreaksTheDocumentIsAFailureOfOurs(t *testing.T) {
	var logged bytes.Buffer
	strict := func(c *Config) {
		c.ValidateResponses = true
		c.Logger = slog.New(slog.NewTextHandler(&logged, nil))
	}
	if status, _ := ask(newSurface(t, "good", strict), "GET", "/bridges/1", ""); status != 200 {
		t.Errorf("status %d", status)
	}
	status, env := ask(newSurface(t, 7, strict), "GET", "/bridges/1", "")
	if status != 500 || env.Code != pontage.Internal || env.RequestID == "" || !strings.Contains(logged.String(), "does not fit the document") {
		t.Errorf("status %d: %+v, log %s", status, env, logged.String())
	}
	if status, _ := ask(newSurface(t, 7, nil), "GET", "/bridges/1", ""); status != 200 {
		t.Errorf("not asked for, and still checked: status %d", status)
	}
}

// Of several faults the same one is always reported, or a client's error handling would be a lottery.
func TestTheFaultThatTheRulesNameFirstIsReported(t *testing.T) {
	rules := []Rule{{Code: pontage.InvalidInput, Field: "/span", Status: 422, Number: 2, Message: "span"},
		{Code: pontage.InvalidInput, Field: "/name", Keyword: "required", Status: 422, Number: 1, Message: "no name"}}
	s := newSurface(t, "x", func(c *Config) { c.Rules = map[string][]Rule{"build": rules} })
	for range 20 {
		if status, env := ask(s, "POST", "/bridges", `{"arches":"x","span":11}`); status != 422 || *env.Error != 2 || env.Field != "/span" || env.Detail == "" {
			t.Fatalf("%d %+v", status, env)
		}
		if _, env := ask(s, "POST", "/bridges", `{"arches":"x"}`); *env.Error != 1 || env.Field != "/name" {
			t.Fatalf("%+v", env)
		}
	}
	if status, env := ask(newSurface(t, "x", nil), "POST", "/bridges", `{"arches":"x","span":11}`); status != 400 || env.Field != "/arches" {
		t.Errorf("without rules: %d %+v", status, env)
	}
}

// A document and its handlers can only start together.
func TestEveryOperationNeedsItsHandler(t *testing.T) {
	none := func(http.ResponseWriter, *http.Request) {}
	for name, register := range map[string]func(Mux){
		"one is missing": func(m Mux) { m.HandleFunc("POST /bridges", none) },
		"one too many":   func(m Mux) { m.HandleFunc("PUT /bridges", none) },
	} {
		if _, err := New(Config{Document: []byte(document), Register: register}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(Config{Document: []byte("openapi: 3.0.3")}); err == nil {
		t.Error("a broken document: no error")
	}
}

// Large pages are cut where the contract says so, and refused elsewhere.
func TestParametersAreClampedWhereAsked(t *testing.T) {
	for clamp, want := range map[bool]int{true: 200, false: 400} {
		s := newSurface(t, "x", func(c *Config) { c.Clamp = map[string]bool{"show": clamp} })
		for _, page := range []string{"10", "99999999999999999999999", "0010"} {
			if status, _ := ask(s, "GET", "/bridges/1?page="+page, ""); status != want {
				t.Errorf("clamp %v, page %s: %d", clamp, page, status)
			}
		}
		if status, _ := ask(s, "GET", "/bridges/1?page=-x", ""); status != 400 {
			t.Errorf("clamp %v: nonsense got %d", clamp, status)
		}
	}
}

// The request that is logged is the one that came.
func TestTheCallersRequestIsNotChanged(t *testing.T) {
	r := httptest.NewRequest("GET", "/bridges/1?page=2&colour=red", nil)
	newSurface(t, "x", nil).ServeHTTP(httptest.NewRecorder(), r)
	if r.URL.RawQuery != "page=2&colour=red" {
		t.Errorf("query %q", r.URL.RawQuery)
	}
}

// The served document speaks of the instance, and its samples can be pasted into a shell.
func TestRender(t *testing.T) {
	plain, err := Render([]byte(document), "http://localhost:1/base", "api.example.com", "my.host")
	if err != nil {
		t.Fatal(err)
	}
	served, err := edition.Of(plain)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			Samples []struct{ Lang, Label, Source string } `json:"x-codeSamples"`
		}
	}
	if err := json.Unmarshal(served.JSON, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Servers) != 1 || doc.Servers[0].URL != "http://localhost:1/base" || bytes.Contains(served.JSON, []byte("x-go-type")) ||
		bytes.Contains(served.YAML, []byte("x-go-type")) || bytes.Contains(served.YAML, []byte("&answer")) {
		t.Errorf("%s", served.YAML)
	}
	want := `curl -X POST 'http://localhost:1/base/bridges' \
  -H 'Content-Type: application/json' \
  --data-raw '{
  "name": "Arco d'\''Augusto at https://my.host",
  "arches": 3
}'`
	if got := doc.Paths["/bridges"]["post"].Samples; len(got) != 5 || got[0].Source != want {
		t.Errorf("samples: %+v", got)
	}
	if got := doc.Paths["/bridges/{id}"]["get"].Samples[0].Source; !strings.Contains(got, "/bridges/a%20b'") {
		t.Errorf("sample: %s", got)
	}
}
