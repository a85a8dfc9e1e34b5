package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/server"
)

const (
	apiHost  = "bench.example"
	scopes   = 12
	accounts = 1000
)

// partnerLogin is one account with everything it can prove itself by.
type partnerLogin struct{ email, key, client, secret, bearer string }

// world is what the prepared database holds: a thousand accounts with a token each, or more, one account with a thousand tokens, and
// one with fifty tokens of ten scopes.
type world struct {
	partners []partnerLogin
	// active are the partners once for each of their tokens.
	active []partnerLogin
	hot    []string
	listed partnerLogin
}

// prepare adds it to a database; each of the thousand accounts gets so many tokens.
func prepare(ctx context.Context, c server.Config, upstream string, tokens int) (*world, error) {
	i, err := server.Open(ctx, c, server.Production, "bench", slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer i.Close()
	_, err = i.Catalog.Import(ctx, pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "bench", Data: document()}},
		Prices:    []byte("scopes:\n  \"*:" + apiHost + "/*\": {prices: {request: 0.000001}}\n"),
		Upstream:  catalog.UpstreamMap{Default: upstream},
	})
	if err != nil {
		return nil, err
	}
	if err := i.Catalog.Refresh(ctx); err != nil {
		return nil, err
	}
	return populate(ctx, i, tokens)
}

func populate(ctx context.Context, i *server.Instance, tokens int) (*world, error) {
	w := &world{partners: make([]partnerLogin, accounts)}
	bearers := make([][]string, accounts)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for n := range w.partners {
		group.Go(func() (err error) {
			w.partners[n], err = open(ctx, i, fmt.Sprintf("partner%d@bench.example", n), tokens, &bearers[n])
			return err
		})
	}
	group.Go(func() (err error) {
		_, err = open(ctx, i, "hot@bench.example", 1000, &w.hot)
		return err
	})
	group.Go(func() (err error) {
		w.listed, err = open(ctx, i, "list@bench.example", 50, nil)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for n, p := range w.partners {
		for _, bearer := range bearers[n] {
			p.bearer = bearer
			w.active = append(w.active, p)
		}
	}
	return w, nil
}

// open makes an account with credit, an API key, a client and tokens; the tokens' texts are added to bearers.
func open(ctx context.Context, i *server.Instance, email string, tokens int, bearers *[]string) (partnerLogin, error) {
	p := partnerLogin{email: email}
	by := pontage.Operator()
	a, err := i.Accounts.Create(ctx, by, account.CreateInput{Email: email, Name: email})
	if err != nil {
		return p, err
	}
	key, err := i.Accounts.CreateKey(ctx, by, a.ID, "bench")
	if err != nil {
		return p, err
	}
	if _, err := i.Meter.Credit(ctx, by, a.ID, 1_000_000_000_000, "bench"); err != nil {
		return p, err
	}
	client, err := i.Partners.Create(ctx, by, partner.CreateInput{AccountID: a.ID, Name: "bench"})
	if err != nil {
		return p, err
	}
	secret, err := i.Partners.CreateSecret(ctx, by, partner.SecretInput{ClientID: client.ID})
	if err != nil {
		return p, err
	}
	p.key, p.client, p.secret = key.Text, string(client.ID), secret.Text
	var lock sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for range tokens {
		group.Go(func() error {
			issued, err := i.OAuth.Issue(ctx, pontage.Actor{Kind: pontage.ActorAccount, AccountID: a.ID}, tokenInput())
			if err != nil {
				return err
			}
			lock.Lock()
			defer lock.Unlock()
			p.bearer = issued.Bearer
			if bearers != nil {
				*bearers = append(*bearers, issued.Bearer)
			}
			return nil
		})
	}
	return p, group.Wait()
}

// tokenInput sets every limit there is, none of them reached.
func tokenInput() oauth.IssueInput {
	total, amount := int64(1_000_000_000), pontage.Money(1_000_000_000_000)
	in := oauth.IssueInput{Name: "bench", Limits: pontage.Limits{
		TotalRequests: &total, WalletRequests: &total, SubscriptionRequests: &total, WalletAmount: &amount,
		IP: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
	}}
	for n := range 10 {
		in.Scopes = append(in.Scopes, fmt.Sprintf("GET:%s/s%d", apiHost, n))
	}
	return in
}

// document is the API that is called: a path with a parameter for each scope.
func document() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "openapi: 3.0.3\ninfo: {title: Bench, version: 1.0.0}\nservers: [{url: 'https://%s'}]\npaths:\n", apiHost)
	for n := range scopes {
		fmt.Fprintf(&b, "  /s%d/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"+
			"      responses: {'200': {description: An answer.}}\n", n)
	}
	return []byte(b.String())
}
