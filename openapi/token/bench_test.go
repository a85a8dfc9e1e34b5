package token_test

import (
	"net/http"
	"testing"

	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/storage/storagetest"
)

// BenchmarkWallet is a whole request over HTTP with an account's key: authenticate, validate, read, encode; answers are not validated,
// as in production.
func BenchmarkWallet(b *testing.B) {
	w := newWorld(b, storagetest.Open(b, storagetest.SQLite(b)), func(c *token.Config) { c.ValidateResponses = false })
	request, err := http.NewRequest("GET", w.url+"/wallet", nil)
	must(b, err)
	request.Header.Set("Authorization", basic(w.ann))
	b.ReportAllocs()
	for b.Loop() {
		w.clock.Advance(1e9) // the rate is not what is measured
		response, err := w.client.http.Do(request)
		must(b, err)
		must(b, response.Body.Close())
		if response.StatusCode != http.StatusOK {
			b.Fatal(response.Status)
		}
	}
}
