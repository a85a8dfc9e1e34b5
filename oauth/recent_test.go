package oauth_test

import (
	"context"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/storage/storagetest"
)

// change is something that introspection must show.
type change struct {
	do   func(w *world, token *oauth.Issued) error
	want func(in *oauth.Introspection) bool
}

func inactive(in *oauth.Introspection) bool { return !in.Active }

func lefts(total int64) func(in *oauth.Introspection) bool {
	return func(in *oauth.Introspection) bool { return in.Active && *in.Limits.TotalRequests == total }
}

var changes = map[string]change{
	"a token revoked": {func(w *world, token *oauth.Issued) error {
		return w.Revoke(context.Background(), w.by(), token.TokenID)
	}, inactive},
	"a token rotated": {func(w *world, token *oauth.Issued) error {
		_, err := w.rotate(token.RefreshToken, token.TokenID)
		return err
	}, inactive},
	"a limit changed": {func(w *world, token *oauth.Issued) error {
		_, err := w.Update(context.Background(), w.by(), token.TokenID, oauth.UpdateInput{Limits: &oauth.LimitsUpdate{
			TotalRequests: oauth.Change[int64]{Set: true, Value: ptr(int64(3))}}})
		return err
	}, lefts(3)},
	"an account disabled": {func(w *world, _ *oauth.Issued) error {
		accounts, err := account.New(account.Config{Store: w.store.(account.Store), Clock: w.clock.Now, Credentials: w.credentials, Changed: w.ForgetOwners})
		must(w.t, err)
		return accounts.SetDisabled(context.Background(), pontage.Operator(), w.account.ID, true)
	}, inactive},
	"a call counted": {func(w *world, token *oauth.Issued) error {
		err := storagetest.Batch(context.Background(), w.store.(pontage.Store), pontage.BatchKeys{Lineages: []pontage.LineageID{token.ID}},
			func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
				state.Lineages[token.ID].Usage.TotalRequests = 5
				return &pontage.BatchChanges{Lineages: []pontage.LineageID{token.ID}}, nil
			})
		w.Forget(token.TokenID)
		return err
	}, lefts(4)},
}

// What a resource server is told is remembered for a second, but not past a change: this instance's is seen at once, another's when the
// second is over.
func TestIntrospectionShowsChangesInTime(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, w *world, again func() *world) {
				here, there := w, again()
				token := w.issue(oauth.IssueInput{Limits: pontage.Limits{TotalRequests: ptr(int64(9))}})
				on := func(w *world, want func(*oauth.Introspection) bool) {
					t.Helper()
					in, err := w.Introspect(t.Context(), w.by(), token.Bearer)
					if err != nil || !want(in) {
						t.Fatalf("got %+v, %v", in, err)
					}
				}
				on(here, lefts(9))
				on(there, lefts(9))
				must(t, c.do(here, token))
				on(here, c.want)
				on(there, lefts(9)) // if not, nothing is remembered and this test shows nothing
				w.clock.Advance(pontage.Freshness)
				on(there, c.want)
			})
		})
	}
}

// A revocation that meets a rotation must end the bearer that came out of it too, wherever that was seen last.
func TestARevocationForgetsTheNewestBearer(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		token := w.issue(oauth.IssueInput{})
		stale := &stale{Store: w.store}
		fresh := w.over(stale)
		next, err := fresh.Rotate(t.Context(), pontage.Actor{Kind: pontage.ActorRefresh, Refresh: token.RefreshToken}, token.TokenID)
		must(t, err)
		if in, err := fresh.Introspect(t.Context(), w.by(), next.Bearer); err != nil || !in.Active {
			t.Fatalf("%+v, %v", in, err)
		}
		stale.rotatedAfter = &token.Detail.Lineage
		must(t, fresh.Revoke(t.Context(), w.by(), token.TokenID))
		if in, err := fresh.Introspect(t.Context(), w.by(), next.Bearer); err != nil || in.Active {
			t.Fatalf("%+v, %v", in, err)
		}
	})
}

// stale gives a lineage as it was before it was rotated.
type stale struct {
	oauth.Store
	rotatedAfter *pontage.Lineage
}

func (s *stale) Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error) {
	token, l, err := s.Store.Token(ctx, id)
	if err == nil && s.rotatedAfter != nil {
		l = s.rotatedAfter
	}
	return token, l, err
}
