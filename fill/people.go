package fill

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"time"

	"github.com/pontage/pontage"
)

// addressesEach is how many addresses an account calls from.
const addressesEach = 3

// customer is an account with all that changes while its calls are made.
type customer struct {
	account pontage.AccountID
	client  pontage.ClientID
	// second is the scope of those of its calls that the wallet does not pay.
	second int
	// elsewhere says that its calls come through a proxy that asks: they are settled from the beginning.
	elsewhere    bool
	addresses    [addressesEach]netip.Addr
	balance      pontage.Money
	changed      time.Time
	subscription *pontage.Subscription
	trial        pontage.AllowanceUse

	// tokens is how many it gets in all, made how many it has; current are those of the last day that made some.
	tokens, made int64
	current      []*token
}

// email is that of the n-th account; the first one's name says what the database holds.
func email(n int) string { return fmt.Sprintf("account%d@%s", n, Host) }

// Marker is the e-mail of the account by whose name a database says that it was filled.
var Marker = email(0)

// The two names of the marker's account begin so.
const (
	markBegun = "Filling was begun"
	markDone  = "Filled with "
)

// Done says whether the marker's account tells of a run that came to its end.
func Done(a *pontage.Account) bool {
	return len(a.Name) > len(markDone) && a.Name[:len(markDone)] == markDone
}

// people makes the accounts with a client and an API key each. Nobody knows the keys' texts.
func (r *run) people(ctx context.Context) error {
	var accounts []pontage.Account
	var clients []pontage.Client
	var keys []pontage.APIKey
	for n := range r.plan.Accounts {
		at := r.begin.Add(-time.Hour).Add(time.Duration(n) * time.Millisecond)
		c := &customer{
			account: pontage.NewAccountID(at), client: pontage.NewClientID(at), second: free + n%3, elsewhere: n%10 < 3,
			tokens: share(r.plan.Tokens, n, r.plan.Accounts), changed: at,
		}
		for i := range c.addresses {
			c.addresses[i] = netip.AddrFrom4([4]byte{10, byte(n >> 14), byte(n >> 6), byte(n<<2 + i + 1)})
		}
		name := fmt.Sprintf("Account %d", n)
		if n == 0 {
			name = markBegun
		}
		accounts = append(accounts, pontage.Account{ID: c.account, Email: email(n), Name: name, CreatedAt: at})
		clients = append(clients, pontage.Client{ID: c.client, AccountID: c.account, Name: "Client", CreatedAt: at})
		keys = append(keys, pontage.APIKey{ID: pontage.NewAPIKeyID(at), AccountID: c.account, Label: "Key", KeyID: r.keyID, Hash: r.hash(), CreatedAt: at})
		r.customers = append(r.customers, c)
	}
	r.report.Accounts = int64(len(accounts))
	return first(
		func() error { return r.bulk.Accounts(ctx, accounts) },
		func() error { return r.bulk.Clients(ctx, clients) },
		func() error { return r.bulk.APIKeys(ctx, keys) },
		func() error { return r.bulk.ScopeSets(ctx, []pontage.ScopeSet{r.scopeSet()}) },
		func() error { return r.bulk.Keep(ctx) }, // from here on the database says what it is
	)
}

// share gives the n-th of parts of a whole, as even as whole numbers allow.
func share(whole int64, n, parts int) int64 {
	return whole*int64(n+1)/int64(parts) - whole*int64(n)/int64(parts)
}

func (r *run) scopeSet() pontage.ScopeSet {
	set, digest := pontage.ScopeSet{ID: r.set}, sha256.New()
	for _, p := range r.products {
		set.Scopes = append(set.Scopes, p.scope)
		digest.Write([]byte(p.scope))
	}
	set.Digest = digest.Sum(nil)
	return set
}

// first runs one after the other until one fails.
func first(all ...func() error) error {
	for _, do := range all {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// settleUp writes what was only known at the end of the last day.
func (r *run) settleUp(ctx context.Context) error {
	var wallets []pontage.Wallet
	var subscriptions []pontage.Subscription
	var trials []pontage.AllowanceUse
	for _, c := range r.customers {
		wallets = append(wallets, pontage.Wallet{AccountID: c.account, Balance: c.balance, CreatedAt: r.begin.Add(-time.Hour), UpdatedAt: c.changed})
		if c.subscription != nil {
			subscriptions = append(subscriptions, *c.subscription)
		}
		if c.trial.TotalUsed > 0 {
			trials = append(trials, c.trial)
		}
	}
	return first(
		func() error { return r.bulk.Wallets(ctx, wallets) },
		func() error { return r.bulk.Subscriptions(ctx, subscriptions) },
		func() error { return r.bulk.Allowances(ctx, trials) },
	)
}
