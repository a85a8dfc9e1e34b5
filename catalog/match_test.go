package catalog_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// A path must mean one operation, the same for us and for the API behind us.
func TestMatchFindsTheOperation(t *testing.T) {
	s := library(t, sqlite(t), "")
	for _, c := range []struct{ method, host, path, template, scope, upstream string }{
		{"GET", "library.example.com", "", "/", "GET:library.example.com/root", "/"},
		{"GET", "library.example.com", "/", "/", "GET:library.example.com/root", "/"},
		{"GET", "LIBRARY.example.com:443", "/books", "/books", "GET:library.example.com/books", "/books"},
		{"GET", "library.example.com.", "/%62ooks", "/books", "GET:library.example.com/books", "/books"},
		{"GET", "library.example.com", "/books/latest", "/books/latest", "GET:library.example.com/books", "/books/latest"},
		{"GET", "library.example.com", "/books/%6catest", "/books/latest", "GET:library.example.com/books", "/books/latest"},
		{"DELETE", "library.example.com", "/books/latest", "/books/{isbn}", "DELETE:library.example.com/books", "/books/latest"},
		{"GET", "library.example.com", "/books/latest/cover", "/books/{isbn}/cover", "GET:library.example.com/books", "/books/latest/cover"},
		{"GET", "library.example.com", "/books/1/report.pdf", "/books/{isbn}/report.{format}", "GET:library.example.com/books", "/books/1/report.pdf"},
		{"GET", "library.example.com", "/books/a%2cb%3Bc%20d", "/books/{isbn}", "GET:library.example.com/books", "/books/a%2Cb%3Bc%20d"},
		{"GET", "library.example.com", "/books/100%25", "/books/{isbn}", "GET:library.example.com/books", "/books/100%25"},
		{"GET", "library.example.com", "/books/caf%C3%A9", "/books/{isbn}", "GET:library.example.com/books", "/books/caf%C3%A9"},
		{"HEAD", "library.example.com", "/books/1", "/books/{isbn}", "GET:library.example.com/books", "/books/1"},
		{"PUT", "library.example.com", "/anything", "/{shelf}", "PUT:library.example.com/root", "/anything"},
		{"GET", "eu.weather.example.com", "/v2/now", "/v2/now", "GET:eu.weather.example.com/now", "/v2/now"},
	} {
		m, err := s.Match(c.method, c.host, c.path)
		if err != nil {
			t.Errorf("%s %s%s: %v", c.method, c.host, c.path, err)
			continue
		}
		if m.Operation.Path != c.template || m.Scope.Name != c.scope || m.Path != c.upstream {
			t.Errorf("%s %s%s gives %s, %s, %s", c.method, c.host, c.path, m.Operation.Path, m.Scope.Name, m.Path)
		}
	}
}

// What fits nothing says why: a typo in the path is not a missing right.
func TestMatchRefusesWhatIsNotThere(t *testing.T) {
	s := library(t, sqlite(t), "")
	for _, c := range []struct {
		method, host, path string
		code               pontage.Code
	}{
		{"GET", "nowhere.example.com", "/books", pontage.OperationNotFound},
		{"GET", "", "/books", pontage.OperationNotFound},
		{"GET", "library.example.com", "/books/1/pages", pontage.OperationNotFound},
		{"GET", "library.example.com", "/booksellers", pontage.MethodNotAllowed}, // PUT /{shelf}
		{"GET", "library.example.com", "/books/", pontage.OperationNotFound},
		{"GET", "library.example.com", "/books/1/report.", pontage.OperationNotFound},
		{"PATCH", "library.example.com", "/books", pontage.MethodNotAllowed},
		{"OPTIONS", "library.example.com", "/books", pontage.MethodNotAllowed},
		{"get", "library.example.com", "/books", pontage.MethodNotAllowed},
		{"GET", "eu.weather.example.com", "/now", pontage.OperationNotFound},
	} {
		if _, err := s.Match(c.method, c.host, c.path); pontage.CodeOf(err) != c.code {
			t.Errorf("%s %s%s: %v, want %s", c.method, c.host, c.path, err, c.code)
		}
	}
	want := []string{"DELETE", "GET", "HEAD"}
	if got := s.Methods("library.example.com", "/books/1"); !slices.Equal(got, want) {
		t.Errorf("methods %v, want %v", got, want)
	}
	if got := s.Methods("library.example.com", "/books/1/2/3"); got != nil {
		t.Errorf("methods of an unknown path: %v", got)
	}
}

// Each of these has opened a door somewhere: the proxy read one path, the server behind it another.
func TestMatchRefusesPathsWithTwoMeanings(t *testing.T) {
	s := library(t, sqlite(t), "")
	for _, path := range []string{
		"books", "*", "/books/..", "/books/../admin", "/books/.", "/./books", "/books/%2e%2e", "/books/%2E.", "/books/.%2e/x",
		"/books/a%2fb", "/books/a%2Fb", "/books/a%5cb", "/books/a%5Cb", `/books/a\b`, "/books/a;b=c", "/books;/1", "/books/a%00b", "/books/a\x00b",
		"//books", "/books//1", "/books/1//", "/books/%252e%252e", "/books/%252f", "/books/%25%32%66", "/books/%2525", "/books/%2%35%32",
		"/books/%", "/books/%2", "/books/%zz", "/books/%c0%af", "/books/%ff", "/books/a?b", "/books/a#b", "/books/a%0d%0ab", "/books/a\tb",
		"/books/" + strings.Repeat("a", 9000), strings.Repeat("/a", 100),
	} {
		_, err := s.Match("GET", "library.example.com", path)
		wantCode(t, err, pontage.InvalidInput, "path")
		if s.Methods("library.example.com", path) != nil {
			t.Errorf("%q has methods", path)
		}
	}
}

// An instance whose hosts have a prefix answers to both names (R29).
func TestHostsAnswerWithAndWithoutPrefix(t *testing.T) {
	s := library(t, sqlite(t), "test.")
	for _, host := range []string{"library.example.com", "test.library.example.com"} {
		m, err := s.Match("GET", host, "/books")
		if err != nil || m.API.Host != "test.library.example.com" || m.Scope.Name != "GET:test.library.example.com/books" ||
			m.API.Upstream != "http://library.example.com.internal:8080/in" || !s.HasHost(host) {
			t.Errorf("%s: %+v, %v", host, m, err)
		}
	}
	if s.HasHost("test.test.library.example.com") {
		t.Error("the prefix counts twice")
	}
}

// Whatever a stranger writes: what goes upstream matches the same operation again, unchanged, and holds nothing with two meanings.
func FuzzMatch(f *testing.F) {
	s := library(f, sqlite(f), "")
	for _, path := range []string{"/books/1", "/books/%41", "/books/..%2f", "/%2e/", "/books/a%25%32%35b", "/books/x/report.%70df", "/é"} {
		f.Add("GET", path)
		f.Add("PUT", path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		m, err := s.Match(method, "library.example.com", path)
		if err != nil {
			return
		}
		again, err := s.Match(method, "library.example.com", m.Path)
		if err != nil || again.Path != m.Path || again.Operation != m.Operation {
			t.Fatalf("%q gives %q, and that %+v, %v", path, m.Path, again, err)
		}
		u, err := url.Parse("http://upstream" + m.Path)
		if err != nil || u.EscapedPath() != m.Path || u.RawQuery != "" || u.Host != "upstream" {
			t.Fatalf("%q is read as %v, %v", m.Path, u, err)
		}
		if strings.Count(u.Path, "/") != strings.Count(m.Operation.Path, "/") {
			t.Fatalf("%q has other segments than %q", u.Path, m.Operation.Path)
		}
		for segment := range strings.SplitSeq(u.Path, "/") {
			if segment == "." || segment == ".." || strings.ContainsAny(segment, "\\\x00") {
				t.Fatalf("%q goes upstream", u.Path)
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	store := sqlite(b)
	s := newService(b, store, "")
	list, _ := documents(b)
	imported(b, s, catalog.ImportInput{Documents: list})
	all := rows(b, store)
	hosts := map[pontage.APIID]string{}
	for _, a := range all.APIs {
		hosts[a.ID] = a.Host
	}
	type call struct{ method, host, path string }
	var calls []call
	for _, o := range all.Operations {
		calls = append(calls, call{o.Method, hosts[o.APIID], strings.NewReplacer("{", "", "}", "").Replace(o.Path)})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := calls[i%len(calls)]
		if _, err := s.Match(c.method, c.host, c.path); err != nil {
			b.Fatal(err)
		}
	}
}

// A host has one spelling here, however a partner writes it.
func TestHostsHaveOneSpelling(t *testing.T) {
	for prefix, want := range map[string]string{"": "library.example.com", "test.": "test.library.example.com"} {
		s := catalog.New(catalog.Config{HostPrefix: prefix})
		for _, text := range []string{"library.example.com", "Library.Example.com", "library.example.com:8080", "library.example.com.", want} {
			if got := s.Host(text); got != want {
				t.Errorf("prefix %q, %s: %s", prefix, text, got)
			}
		}
	}
}
