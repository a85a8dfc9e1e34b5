package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/storage/storagetest"
)

func benchWorld(b *testing.B) *world {
	b.Helper()
	w := newWorld(b, storagetest.Open(b, storagetest.SQLite(b)), ring(b, pontage.NewKey("k1")), storagetest.NewMovingClock(storagetest.Start), newScopes())
	w.populate()
	return w
}

// BenchmarkAdmit is the part of a paid call that belongs to this package: a bearer that was seen before.
func BenchmarkAdmit(b *testing.B) {
	w := benchWorld(b)
	bearer := w.issue(oauth.IssueInput{}).Bearer
	for name, text := range map[string]string{"hit": bearer, "forgery": bearer[:len(bearer)-1] + "-"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := w.Admit(b.Context(), text)
				if (err == nil) != (name == "hit") {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("miss", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := w.Readmit(b.Context(), bearer); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("introspect", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if in, err := w.Introspect(b.Context(), w.by(), bearer); err != nil || !in.Active {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkIssue is one token at a time, each durable, and then many at once, which share commits.
func BenchmarkIssue(b *testing.B) {
	w := benchWorld(b)
	in := oauth.IssueInput{Scopes: []string{"*:*/*"}}
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := w.Issue(b.Context(), w.by(), in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := w.Issue(b.Context(), w.by(), in); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkEndpoints is a request through fosite and our rules, without the network.
func BenchmarkEndpoints(b *testing.B) {
	w := benchWorld(b)
	bearer := w.issue(oauth.IssueInput{}).Bearer
	for path, body := range map[string]string{
		"/oauth2/token": "grant_type=client_credentials&scope=GET:geo.example.com/root", "/oauth2/introspect": "token=" + bearer,
	} {
		b.Run(path[len("/oauth2/"):], func(b *testing.B) {
			handler := w.Handler()
			b.SetParallelism(32)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					r.SetBasicAuth(string(w.client.ID), w.secret)
					answer := httptest.NewRecorder()
					handler.ServeHTTP(answer, r)
					if answer.Code != http.StatusOK {
						b.Errorf("%d %s", answer.Code, answer.Body)
					}
				}
			})
		})
	}
}
