package graph_test

import (
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A dashboard must be rehearsed too: what the sandbox can force is answered with the code of the real refusal, and with 400 where GraphQL
// has no such answer.
func TestGraphQLRehearses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open(), func(c *graph.Config) { c.Suppose = sandbox.ReadSimulation })
		token := w.bearerFor(w.ann)
		for value, want := range map[string][2]string{ // by a token, by an API key
			"": {"", ""}, "slow=1ms": {"", ""}, "rate-limit": {"RATE_LIMITED", "RATE_LIMITED"}, "unavailable": {"UNAVAILABLE", "UNAVAILABLE"},
			"internal-error": {"INTERNAL", "INTERNAL"}, "token-expired": {"TOKEN_EXPIRED", "INVALID_INPUT"}, "token-revoked": {"TOKEN_REVOKED", "INVALID_INPUT"},
			"token-invalid": {"UNAUTHENTICATED", "INVALID_INPUT"}, "scope": {"SCOPE_MISSING", "INVALID_INPUT"}, "ip": {"ADDRESS_REFUSED", "INVALID_INPUT"},
			"insufficient-credit": {"INVALID_INPUT", "INVALID_INPUT"}, "upstream-503": {"INVALID_INPUT", "INVALID_INPUT"}, "gibberish": {"INVALID_INPUT", "INVALID_INPUT"},
		} {
			for i, authorization := range []string{token, w.ann.basic()} {
				var headers []string
				if value != "" {
					headers = []string{pontage.HeaderSimulate, value}
				}
				if r := w.ask(authorization, `{wallet{credit}}`, nil, headers...); r.code() != want[i] {
					t.Errorf("%q, way %d: %s, want %q", value, i, r.Raw, want[i])
				}
			}
		}
	})
}

// bearerFor makes a token of a person for everything.
func (w *world) bearerFor(p person) string {
	w.Helper()
	issued, err := w.oauth.Issue(w.Context(), pontage.Actor{Kind: pontage.ActorAccount, AccountID: p.id}, oauth.IssueInput{
		Scopes: []string{"*:*/*", "GET:" + platformHost + "/*"}})
	must(w, err)
	return issued.Bearer
}
