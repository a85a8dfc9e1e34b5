package catalog_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// Calls go where the operator says, and nowhere else.
func TestUpstreamMapNamesTheBaseURL(t *testing.T) {
	for _, c := range []struct{ text, host, want string }{
		{"", "a.example", ""},
		{"http://127.0.0.1:9000/", "a.example", "http://127.0.0.1:9000"},
		{"https://{host}.internal/api/", "a.example", "https://a.example.internal/api"},
		{"a.example=http://one, b.example=http://two", "a.example", "http://one"},
		{"A.example=http://one", "a.example", "http://one"},
		{"a.example=http://one", "c.example", ""},
		{"a.example=http://one,http://all", "c.example", "http://all"},
		{"http://[::1]:80", "a.example", "http://[::1]:80"},
	} {
		m, err := catalog.ParseUpstream(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got, err := m.For(c.host); err != nil || got != c.want {
			t.Errorf("%q for %s: %q, %v", c.text, c.host, got, err)
		}
	}
	for _, text := range []string{"a.example", "ftp://a", "http://", "http:///x", "http://u:p@a", "http://a?x=1", "http://a?", "http://a#b", "//a", "http://a/%2e%2e/b",
		"http://one,http://two", "a.example=http://one,a.example=http://two", "a.example=", "http://*.a", "http://{port}.a", "a.example=http://{host}"} {
		_, err := catalog.ParseUpstream(text)
		wantCode(t, err, pontage.InvalidInput, "upstream")
	}
	if _, err := catalog.ParseUpstream("http://user:hunter2@a"); strings.Contains(err.Error(), "hunter2") {
		t.Error("the error shows the password")
	}
}

// Credentials for the upstream are ours: they must come back for the gateway, be unreadable in the database, and survive imports.
func TestCredentialsAreSealed(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "test.")
	want := http.Header{"X-Api-Key": {"hunter2"}}
	if err := s.SetCredential(t.Context(), pontage.Operator(), "library.example.com", want); err != nil {
		t.Fatal(err)
	}
	changed := []byte(strings.ReplaceAll(string(read(t, "testdata/library.json")), "Books and who has them.", "Books."))
	imported(t, s, catalog.ImportInput{Documents: []catalog.Document{{Name: "library.json", Data: changed}}})
	m, err := s.Match("GET", "library.example.com", "/books")
	if err != nil || strings.Contains(string(m.API.Credential), "hunter2") || m.API.Description != "Books." {
		t.Fatalf("%+v, %v", m, err)
	}
	got, err := s.Credential(m.API)
	if err != nil || got.Get("X-Api-Key") != "hunter2" || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	moved := *m.API
	moved.Host = "other.example.com"
	if _, err := s.Credential(&moved); err == nil {
		t.Error("the credential opens for another host")
	}
	if err := s.SetCredential(t.Context(), pontage.Operator(), "library.example.com", nil); err != nil {
		t.Fatal(err)
	}
	m, err = s.Match("GET", "library.example.com", "/books")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Credential(m.API); got != nil || err != nil {
		t.Errorf("taken away, but %v, %v", got, err)
	}
}

// A header that the connection or the gateway owns would break every call.
func TestCredentialsAreChecked(t *testing.T) {
	s := library(t, sqlite(t), "")
	for _, h := range []http.Header{{"Host": {"x"}}, {"transfer-encoding": {"chunked"}}, {"Pontage-Call": {"x"}}, {"a b": {"x"}}, {"": {"x"}}, {"X": {"a\r\nb: c"}}} {
		wantCode(t, s.SetCredential(t.Context(), pontage.Operator(), "library.example.com", h), pontage.InvalidInput, "headers")
	}
	wantCode(t, s.SetCredential(t.Context(), pontage.Actor{}, "library.example.com", nil), pontage.Forbidden, "")
	if err := s.SetCredential(t.Context(), pontage.Operator(), "nowhere.example.com", nil); pontage.CodeOf(err) != pontage.NotFound {
		t.Errorf("unknown host: %v", err)
	}
}
