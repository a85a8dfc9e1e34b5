package demo_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/pontage/pontage/demo"
)

// A newcomer's first answers must be the ones the document promises.
func TestEveryAnswerFollowsTheDocument(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(demo.Document())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	routes, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
		contains           string
	}{
		{"GET", demo.FreePath, "", 200, `"Rome"`},
		{"GET", demo.PaidPath, "", 200, `"Rome"`},
		{"GET", "/postcodes/IT/99999", "", 404, "no such"},
		{"GET", demo.AllowancePath, "", 200, `"00184"`},
		{"GET", "/searches", "", 400, "beginning"},
		{"POST", "/lookups", `{"places":["IT-20121","XX-1","DE-10117"]}`, 200, `"Milan"`},
		{"POST", "/lookups", `{"places":[]}`, 400, "one to ten"},
		{"GET", demo.FailingPath, "", 503, "out of order"},
	} {
		r := httptest.NewRequest(c.method, "https://"+demo.Host+c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		demo.Handler().ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.contains) {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
		route, params, err := routes.FindRoute(r)
		if err != nil {
			t.Fatalf("%s %s: %v", c.method, c.path, err)
		}
		err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route, PathParams: params},
			Status:                 w.Code, Header: http.Header(w.Header()),
			Body:    readCloser{strings.NewReader(w.Body.String())},
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		})
		if err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
		}
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
