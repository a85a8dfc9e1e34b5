package oauth_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// What a partner asked for must be what the token is, and its text must be shown once only.
func TestAnIssuedTokenIsWhatWasAskedFor(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		in := oauth.IssueInput{
			Name: "nightly +ü", Scopes: []string{"GET:company.example.com/IT-start", "POST:mail.example.com/send"}, TTL: time.Hour,
			Limits: pontage.Limits{
				TotalRequests: ptr(int64(10)), WalletRequests: ptr(int64(0)), WalletAmount: ptr(pontage.Money(1_500_000)),
				IP: []netip.Prefix{netip.MustParsePrefix("192.0.2.7/24"), netip.MustParsePrefix("2001:db8::/32")},
			},
		}
		issued := w.issue(in)
		if !strings.HasPrefix(issued.Bearer, "pt_live_"+string(issued.TokenID)+"_") || !strings.HasPrefix(issued.RefreshToken, "pt_live_ref_") {
			t.Fatalf("form of %q and %q", issued.Bearer, issued.RefreshToken)
		}
		detail, err := again().Token(t.Context(), w.by(), issued.TokenID)
		must(t, err)
		if detail.Name != in.Name || !slices.Equal(detail.Scopes, in.Scopes) || !detail.ExpiresAt.Equal(detail.CreatedAt.Add(time.Hour)) {
			t.Fatalf("got %+v", detail)
		}
		l := detail.Limits
		if *l.TotalRequests != 10 || *l.WalletRequests != 0 || l.SubscriptionRequests != nil || *l.WalletAmount != 1_500_000 ||
			len(l.IP) != 2 || l.IP[0].String() != "192.0.2.0/24" {
			t.Fatalf("limits %+v", l)
		}
		if _, err := w.Admit(t.Context(), issued.Bearer); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatIsWrongWithARequestIsNamed(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		many := make([]string, 101)
		for i := range many {
			many[i] = "*:*/*"
		}
		any := []string{"*:*/*"}
		for name, c := range map[string]struct {
			in    oauth.IssueInput
			code  pontage.Code
			field string
		}{
			"no scopes":       {oauth.IssueInput{}, pontage.InvalidInput, "/scopes"},
			"empty scopes":    {oauth.IssueInput{Scopes: []string{}}, pontage.Unprocessable, "/scopes"},
			"many wildcards":  {oauth.IssueInput{Scopes: many}, pontage.InvalidInput, "/scopes"},
			"bad scope":       {oauth.IssueInput{Scopes: []string{"*:*/*", "a b"}}, pontage.InvalidInput, "/scopes/1"},
			"unknown scope":   {oauth.IssueInput{Scopes: []string{"GET:x.example/y"}}, pontage.Unprocessable, "/scopes/0"},
			"long name":       {oauth.IssueInput{Scopes: any, Name: strings.Repeat("ü", 201)}, pontage.InvalidInput, "/name"},
			"NUL in name":     {oauth.IssueInput{Scopes: any, Name: "a\x00"}, pontage.InvalidInput, "/name"},
			"broken name":     {oauth.IssueInput{Scopes: any, Name: "\xff"}, pontage.InvalidInput, "/name"},
			"negative total":  {oauth.IssueInput{Scopes: any, Limits: pontage.Limits{TotalRequests: ptr(int64(-1))}}, pontage.InvalidInput, "/limits/totalRequests"},
			"negative amount": {oauth.IssueInput{Scopes: any, Limits: pontage.Limits{WalletAmount: ptr(pontage.Money(-1))}}, pontage.InvalidInput, "/limits/walletAmount"},
			"huge amount":     {oauth.IssueInput{Scopes: any, Limits: pontage.Limits{WalletAmount: ptr(pontage.MaxMoney + 1)}}, pontage.InvalidInput, "/limits/walletAmount"},
			"zero address":    {oauth.IssueInput{Scopes: any, Limits: pontage.Limits{IP: make([]netip.Prefix, 1)}}, pontage.InvalidInput, "/limits/ip/0"},
			"many addresses":  {oauth.IssueInput{Scopes: any, Limits: pontage.Limits{IP: make([]netip.Prefix, 101)}}, pontage.InvalidInput, "/limits/ip"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := w.Issue(t.Context(), w.by(), c.in)
				wantCode(t, err, c.code, c.field)
			})
		}
		if list, err := w.Tokens(t.Context(), w.by(), pontage.Page{Limit: 10}); err != nil || len(list) != 0 {
			t.Fatalf("a refused request left %d tokens, %v", len(list), err)
		}
	})
}

func TestLifetimesAreClamped(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		for ttl, want := range map[time.Duration]time.Duration{
			0: oauth.MaxTTL, -time.Second: oauth.MaxTTL, oauth.MaxTTL + 1: oauth.MaxTTL, 1<<63 - 1: oauth.MaxTTL, time.Minute: time.Minute,
		} {
			if got := w.issue(oauth.IssueInput{TTL: ttl}); got.ExpiresAt.Sub(got.CreatedAt) != want || got.TTL != want {
				t.Errorf("ttl %s gave %s", ttl, got.TTL)
			}
		}
	})
}

// Only who owns an account may make its tokens; a refresh token or nobody may not.
func TestWhoMayIssue(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		operator := pontage.Operator()
		operator.AccountID = w.account.ID
		for name, c := range map[string]struct {
			by   pontage.Actor
			code pontage.Code
		}{
			"account":               {w.by(), ""},
			"operator for account":  {operator, ""},
			"operator for nobody":   {pontage.Operator(), pontage.Forbidden},
			"refresh token":         {pontage.Actor{Kind: pontage.ActorRefresh, AccountID: w.account.ID}, pontage.Forbidden},
			"bearer without bearer": {pontage.Actor{Kind: pontage.ActorToken, AccountID: w.account.ID}, pontage.Forbidden},
			"nobody":                {pontage.Actor{}, pontage.Forbidden},
		} {
			_, err := w.Issue(t.Context(), c.by, oauth.IssueInput{Scopes: []string{"*:*/*"}})
			if pontage.CodeOf(err) != c.code {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// R5 on a real store: what a bearer gives lies within what it has left at that moment, and does not outlive it.
func TestABearersGiftLiesWithinItself(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		one := []string{"GET:company.example.com/IT-start"}
		parent := w.issue(oauth.IssueInput{Scopes: one, TTL: time.Hour, Limits: pontage.Limits{TotalRequests: ptr(int64(10))}})
		by := w.bearerActor(parent.Bearer)
		w.clock.Advance(time.Minute)
		gift, err := w.Issue(t.Context(), by, oauth.IssueInput{Scopes: one, Limits: pontage.Limits{TotalRequests: ptr(int64(10))}})
		must(t, err)
		if !gift.ExpiresAt.Equal(parent.ExpiresAt) || gift.RefreshToken != "" {
			t.Fatalf("the gift ends at %s, its giver at %s; refresh token %q", gift.ExpiresAt, parent.ExpiresAt, gift.RefreshToken)
		}
		limit := pontage.Limits{TotalRequests: ptr(int64(10))}
		for field, in := range map[string]oauth.IssueInput{
			"/scopes":               {Scopes: []string{"*:*/*"}, Limits: limit},
			"/limits/totalRequests": {Scopes: one},
			"/ttl":                  {Scopes: one, Limits: limit, TTL: 2 * time.Hour},
		} {
			_, err := w.Issue(t.Context(), by, in)
			wantCode(t, err, pontage.Forbidden, field)
		}
		must(t, w.Revoke(t.Context(), w.by(), parent.TokenID))
		_, err = w.Issue(t.Context(), by, oauth.IssueInput{Scopes: one, Limits: limit})
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}

// Tokens with equal scopes share one set, whoever made it first.
func TestScopeSetsAreInterned(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		second := again()
		sets := make(chan pontage.ScopeSetID, 20)
		for i := range 20 {
			on := []*world{w, second}[i%2]
			go func() {
				issued, err := on.Issue(t.Context(), w.by(), oauth.IssueInput{Scopes: []string{"*:*/*", "GET:geo.example.com/root"}})
				if err != nil {
					t.Error(err)
					sets <- ""
					return
				}
				sets <- issued.ScopeSetID
			}()
		}
		first := <-sets
		for range 19 {
			if set := <-sets; set != first {
				t.Fatalf("two sets: %s and %s", first, set)
			}
		}
	})
}
