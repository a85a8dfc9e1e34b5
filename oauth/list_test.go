package oauth_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// A list must show what is there, page by page, however many tokens were revoked in between.
func TestListsShowLivingTokensInPages(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		var alive []pontage.TokenID
		for i := range 12 {
			w.clock.Advance(time.Second)
			issued := w.issue(oauth.IssueInput{})
			if i%3 == 0 {
				must(t, w.Revoke(t.Context(), w.by(), issued.TokenID))
				continue
			}
			alive = append([]pontage.TokenID{issued.TokenID}, alive...)
		}
		var got []pontage.TokenID
		for skip := 0; ; skip += 3 {
			page, err := w.Tokens(t.Context(), w.by(), pontage.Page{Skip: skip, Limit: 3})
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, d := range page {
				got = append(got, d.TokenID)
				if len(d.Scopes) != 4 {
					t.Fatalf("scopes %v", d.Scopes)
				}
			}
		}
		if len(got) != len(alive) {
			t.Fatalf("listed %d of %d", len(got), len(alive))
		}
		for i := range got {
			if got[i] != alive[i] {
				t.Fatalf("at %d stands %s, want %s", i, got[i], alive[i])
			}
		}
	})
}

// Tokens that expired long ago clutter no list; those of late still show.
func TestListsLeaveOutWhatExpiredLongAgo(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		w.issue(oauth.IssueInput{TTL: time.Hour})
		w.clock.Advance(time.Hour + oauth.ListedAfterExpiry - time.Second)
		for _, want := range []int{1, 0} {
			list, err := w.Tokens(t.Context(), w.by(), pontage.Page{Limit: 10})
			if err != nil || len(list) != want {
				t.Fatalf("listed %d, %v; want %d", len(list), err, want)
			}
			w.clock.Advance(2 * time.Second)
		}
	})
}

// A hundred tokens with their scopes are a fixed number of reads: the tokens and, once, their sets.
func TestListsReadOncePerPage(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		for range 20 {
			w.issue(oauth.IssueInput{})
		}
		counted := &reads{Store: w.store}
		fresh := w.over(counted)
		for _, want := range []int64{2, 3} {
			if _, err := fresh.Tokens(t.Context(), w.by(), pontage.Page{Limit: 20}); err != nil || counted.n.Load() != want {
				t.Fatalf("%d reads, want %d, %v", counted.n.Load(), want, err)
			}
		}
	})
}

// The tokens of others are not there, whatever is tried on them.
func TestTokensOfOthersAreNotFound(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: w.other.ID}
		for _, id := range []pontage.TokenID{issued.TokenID, "000000000000000000000000", "x", ""} {
			_, err := w.Token(t.Context(), stranger, id)
			wantCode(t, err, pontage.NotFound, "")
			_, err = w.Update(t.Context(), stranger, id, oauth.UpdateInput{Name: ptr("mine")})
			wantCode(t, err, pontage.NotFound, "")
			wantCode(t, w.Revoke(t.Context(), stranger, id), pontage.NotFound, "")
		}
		if list, err := w.Tokens(t.Context(), stranger, pontage.Page{Limit: 10}); err != nil || len(list) != 0 {
			t.Fatalf("a stranger sees %d tokens, %v", len(list), err)
		}
		if _, err := w.Token(t.Context(), w.by(), issued.TokenID); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPagesMustBePossible(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		_, err := w.Tokens(t.Context(), w.by(), pontage.Page{})
		wantCode(t, err, pontage.InvalidInput, "limit")
		_, err = w.Tokens(t.Context(), w.by(), pontage.Page{Skip: -1, Limit: 1})
		wantCode(t, err, pontage.InvalidInput, "skip")
		_, err = w.Tokens(t.Context(), pontage.Operator(), pontage.Page{Limit: 1})
		wantCode(t, err, pontage.Forbidden, "")
	})
}

func TestATokenReferenceIsAnIDOrABearer(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		for _, text := range []string{string(issued.TokenID), issued.Bearer} {
			if id, err := w.ParseTokenReference(text); err != nil || id != issued.TokenID {
				t.Errorf("%q: %s, %v", text, id, err)
			}
		}
		for _, text := range []string{"", "x", issued.RefreshToken, issued.Bearer[:len(issued.Bearer)-1], string(issued.TokenID) + "0", "ABCDEF0123456789ABCDEF01"} {
			_, err := w.ParseTokenReference(text)
			wantCode(t, err, pontage.InvalidInput, "")
		}
		if !w.IsRefreshToken(issued.RefreshToken) || w.IsRefreshToken(issued.Bearer) || w.IsRefreshToken("") {
			t.Error("a refresh token is not told from a bearer")
		}
	})
}
