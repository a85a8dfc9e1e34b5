package meter_test

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage/storagetest"
)

// fineDimensions are those that calls may be without.
var fineDimensions = []pontage.Dimension{pontage.ByToken, pontage.ByClient, pontage.ByDomain, pontage.ByAddress}

// shop gives the town a client with a token of a domain and one of none, beside the account's own.
func (w *town) shop() (client pontage.ClientID, domain pontage.DomainID, tokens []pontage.Lineage) {
	w.t.Helper()
	at := w.clock.Now()
	client, domain = pontage.NewClientID(at), pontage.NewDomainID(at)
	w.must(w.store.Write(w.t.Context(), func(tx pontage.Tx) error {
		return tx.InsertClient(w.t.Context(), pontage.Client{ID: client, AccountID: w.account, Name: "Shop", CreatedAt: at})
	}))
	for _, from := range []pontage.DomainID{domain, ""} {
		l := w.lineage
		l.ID, l.TokenID, l.ClientID, l.DomainID = pontage.NewLineageID(at), pontage.NewTokenID(at), client, from
		w.must(w.store.Write(w.t.Context(), func(tx pontage.Tx) error { return tx.InsertLineage(w.t.Context(), l) }))
		tokens = append(tokens, l)
	}
	return client, domain, append(tokens, w.lineage)
}

// trade lets each of the tokens live.
func (w *town) trade(m *meter.Meter, tokens []pontage.Lineage, firstAddress int) {
	own := w.lineage
	for i, l := range tokens {
		w.lineage = l
		w.live(m, firstAddress+i)
	}
	w.lineage = own
}

// sums gives the lines of every dimension and period, whose numbers must be the account's.
func (w *town) sums(m *meter.Meter) map[string][]pontage.StatisticLine {
	w.t.Helper()
	all := map[string][]pontage.StatisticLine{}
	for _, period := range []pontage.Period{"", "2026", "2026-11", "2026-12", "2026-11-20", "2026-11-21", "2025"} {
		own, err := m.Statistics(w.t.Context(), w.by(), pontage.StatisticQuery{Dimension: pontage.ByAccount, Period: period})
		w.must(err)
		for _, dimension := range append(slices.Clone(fineDimensions), pontage.ByAPI, pontage.ByScope) {
			lines, err := m.Statistics(w.t.Context(), w.by(), pontage.StatisticQuery{Dimension: dimension, Period: period, Addresses: true})
			w.must(err)
			var sum, want pontage.Usage
			for _, l := range lines {
				sum = plus(sum, l.Usage)
			}
			if len(own) > 0 {
				want = own[0].Usage
			}
			if sum != want {
				w.t.Errorf("by %s in %q the lines sum up to %+v, the account has %+v", dimension, period, sum, want)
			}
			all[fmt.Sprint(dimension, " ", period)] = lines
		}
	}
	return all
}

func plus(a, b pontage.Usage) pontage.Usage {
	return pontage.Usage{TotalRequests: a.TotalRequests + b.TotalRequests, WalletRequests: a.WalletRequests + b.WalletRequests,
		SubscriptionRequests: a.SubscriptionRequests + b.SubscriptionRequests, ErrorRequests: a.ErrorRequests + b.ErrorRequests,
		WalletAmount: a.WalletAmount + b.WalletAmount}
}

// Who asks where their calls come from must get the same calls as who asks how many there are, folded or not, with refunds, releases and
// errors among them.
func TestTheLinesOfEveryDimensionSumUpToTheAccounts(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(engine, func(t *testing.T) {
			w := newTown(t, storagetest.Open(t, url), "100")
			m := w.run(w.meter(nil))
			client, domain, tokens := w.shop()
			w.trade(m, tokens, 0)
			w.must(m.FoldNow(t.Context()))
			w.trade(m, tokens[:2], 3)
			w.clock.forward(12 * time.Hour)
			w.trade(m, tokens, 5)
			before := w.sums(m)
			w.must(m.FoldNow(t.Context()))
			w.equal(m)
			after := w.sums(m)
			if diff := cmp.Diff(before, after, cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the fold changed what is read:\n%s", diff)
			}
			w.isShops(after, client, domain, tokens)
			w.checkAddresses(m, after)
			w.plantLines(m, behind(t, url))
		})
	}
}

// isShops looks whether the client's and the domain's lines are those of their tokens.
func (w *town) isShops(all map[string][]pontage.StatisticLine, client pontage.ClientID, domain pontage.DomainID, tokens []pontage.Lineage) {
	w.t.Helper()
	of := func(what string, key string) pontage.Usage {
		at := slices.IndexFunc(all[what], func(l pontage.StatisticLine) bool { return l.Key == key })
		if at < 0 {
			w.t.Fatalf("%s: no line %q in %+v", what, key, all[what])
		}
		return all[what][at].Usage
	}
	for _, period := range []string{"", "2026", "2026-11", "2026-11-20", "2026-11-21"} {
		ofDomain, other, own := of("token "+period, string(tokens[0].ID)), of("token "+period, string(tokens[1].ID)), of("token "+period, string(tokens[2].ID))
		for _, c := range []struct{ got, want pontage.Usage }{
			{of("client "+period, string(client)), plus(ofDomain, other)}, {of("client "+period, ""), own},
			{of("domain "+period, string(domain)), ofDomain}, {of("domain "+period, ""), plus(other, own)},
		} {
			if c.got != c.want || c.got.TotalRequests == 0 {
				w.t.Errorf("%q: %+v, want %+v", period, c.got, c.want)
			}
		}
	}
}

// checkAddresses wants the addresses that have lines to be those the account was seen from.
func (w *town) checkAddresses(m *meter.Meter, all map[string][]pontage.StatisticLine) {
	w.t.Helper()
	for _, period := range []pontage.Period{"", "2026", "2026-11", "2026-11-20", "2026-11-21"} {
		lines, err := m.Statistics(w.t.Context(), w.by(), pontage.StatisticQuery{Dimension: pontage.ByAccount, Period: period, Addresses: true})
		w.must(err)
		var seen, counted []string
		for _, a := range lines[0].Addresses {
			seen = append(seen, a.String())
		}
		for _, l := range all["address "+string(period)] {
			counted = append(counted, l.Key)
			if l.AddressCount != 1 || len(l.Addresses) != 1 || l.Addresses[0].String() != l.Key {
				w.t.Errorf("the line of %s says it is of %v", l.Key, l.Addresses)
			}
		}
		slices.Sort(seen)
		if !slices.Equal(seen, counted) || len(seen) == 0 {
			w.t.Errorf("in %q seen are %v, counted %v", period, seen, counted)
		}
	}
}

// plantLines changes a line of each dimension behind the store's back: verify must name it.
func (w *town) plantLines(m *meter.Meter, execute func(string)) {
	w.t.Helper()
	for _, dimension := range fineDimensions {
		for _, period := range []string{"", "2026-11-20"} {
			line := fmt.Sprintf(" WHERE dimension = '%s' AND period = '%s'", dimension, period)
			execute("UPDATE statistics SET error_requests = error_requests + 1" + line)
			found, err := m.Verify(w.t.Context())
			w.must(err)
			if !slices.ContainsFunc(found, func(d pontage.Difference) bool { return d.What == "statistic errorRequests" }) {
				w.t.Errorf("%s in %q: %+v", dimension, period, found)
			}
			execute("UPDATE statistics SET error_requests = error_requests - 1" + line)
			execute("CREATE TABLE spare AS SELECT line, key FROM statistics" + line + "; UPDATE statistics SET key = key || 'x'" + line)
			found, err = m.Verify(w.t.Context())
			w.must(err)
			if len(found) < 2 {
				w.t.Errorf("lines by %s that are gone in %q: %+v", dimension, period, found)
			}
			execute("UPDATE statistics SET key = (SELECT s.key FROM spare s WHERE s.line = statistics.line)" + line + "; DROP TABLE spare")
			w.equal(m)
		}
	}
}

// Who updates must find the calls of before under their clients, tokens and addresses.
func TestOlderStatisticsGetTheirLines(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(engine, func(t *testing.T) {
			w := newTown(t, storagetest.Open(t, url), "100")
			m := w.run(w.meter(nil))
			_, _, tokens := w.shop()
			w.trade(m, tokens[1:], 0)
			w.clock.forward(12 * time.Hour)
			w.trade(m, tokens[1:], 4)
			w.must(m.FoldNow(t.Context()))
			w.trade(m, tokens[1:], 8) // these stay in the tail
			want := w.sums(m)
			execute := behind(t, url)
			execute("DELETE FROM statistics WHERE dimension IN ('client', 'address') OR dimension = 'token' AND period <> '';" +
				" DELETE FROM seen_addresses WHERE dimension = 'client' OR dimension = 'token' AND period <> '';" +
				" INSERT INTO statistics (account_id, period, dimension, key, host, total_requests, wallet_requests, subscription_requests," +
				" error_requests, wallet_amount, address_count) VALUES ('acc', '2026', 'account', '', '', 1, 0, 0, 0, 0, 0)")
			text, err := os.ReadFile("../storage/migrations/" + engine + "/0040_statistic_dimensions.up.sql")
			w.must(err)
			execute(string(text))
			if diff := cmp.Diff(want, w.sums(m), cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			w.equal(m)
		})
	}
}
