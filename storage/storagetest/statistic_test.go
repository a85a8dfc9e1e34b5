package storagetest_test

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
)

// What the fold adds must come back summed, per account, period and dimension.
func TestStatisticsAddUp(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		key := pontage.StatisticKey{AccountID: who.account, Period: "2026-11", Dimension: pontage.ByScope, Key: string(scope), Host: host}
		other := key
		other.Key, other.Host = "sco_z", "other.example.com"
		usage := pontage.Usage{TotalRequests: 5, WalletRequests: 4, SubscriptionRequests: 3, ErrorRequests: 2, WalletAmount: 1}
		back := pontage.Usage{WalletRequests: -1, WalletAmount: -1, ErrorRequests: 1}
		second := netip.MustParseAddr("2001:db8::1")
		fold(t, store, who, pontage.FoldChanges{
			Statistics: []pontage.StatisticDelta{{StatisticKey: key, Usage: usage}, {StatisticKey: other, Usage: usage}},
			Addresses: []pontage.AddressSeen{{StatisticKey: key, Address: home, At: start},
				{StatisticKey: key, Address: second, At: start.Add(time.Second)}},
		})
		fold(t, store, who, pontage.FoldChanges{
			Statistics: []pontage.StatisticDelta{{StatisticKey: key, Usage: back}},
			Addresses: []pontage.AddressSeen{{StatisticKey: key, Address: home, At: start.Add(2 * time.Second)},
				{StatisticKey: key, Address: second, At: start}}, // seen earlier than known
		})
		want := []pontage.StatisticLine{
			{Key: string(scope), Host: host, AddressCount: 2, Addresses: []netip.Addr{home, second},
				Usage: pontage.Usage{TotalRequests: 5, WalletRequests: 3, SubscriptionRequests: 3, ErrorRequests: 3}},
			{Key: "sco_z", Host: "other.example.com", Usage: usage},
		}
		query := pontage.StatisticQuery{AccountID: who.account, Period: "2026-11", Dimension: pontage.ByScope, Addresses: true}
		got, err := store.StatisticLines(t.Context(), query)
		if diff := cmp.Diff(want, got, addresses); diff != "" || err != nil {
			t.Error(diff, err)
		}
		query.Host, query.Addresses = "other.example.com", false
		if got, err := store.StatisticLines(t.Context(), query); err != nil || len(got) != 1 || got[0].Key != "sco_z" {
			t.Errorf("by host: %+v, %v", got, err)
		}
		query.Host, query.Keys = "", []string{"sco_z", "sco_unknown"}
		if got, err := store.StatisticLines(t.Context(), query); err != nil || len(got) != 1 || got[0].Key != "sco_z" {
			t.Errorf("by key: %+v, %v", got, err)
		}
		query.Keys = []string{}
		if got, err := store.StatisticLines(t.Context(), query); err != nil || len(got) != 0 {
			t.Errorf("by no key: %+v, %v", got, err)
		}
		query.Keys, query.Period = nil, "2025"
		if got, err := store.StatisticLines(t.Context(), query); err != nil || len(got) != 0 {
			t.Errorf("another period: %+v, %v", got, err)
		}
	})
}

// A year, and a month of a token, have no lines: what is read is the sum of their parts, with each address once.
func TestPeriodsWithoutLinesAreSummed(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		var changes pontage.FoldChanges
		for i, period := range []pontage.Period{"2026-11-19", "2026-11-20", "2026-12-01", "2026-11", "2026-12"} {
			token := pontage.StatisticKey{AccountID: who.account, Period: period, Dimension: pontage.ByToken, Key: string(who.lineage)}
			account := pontage.StatisticKey{AccountID: who.account, Period: period, Dimension: pontage.ByAccount}
			at := start.Add(time.Duration(i) * time.Hour)
			for _, key := range []pontage.StatisticKey{account, token} {
				changes.Statistics = append(changes.Statistics, pontage.StatisticDelta{StatisticKey: key, Usage: pontage.Usage{TotalRequests: 1, WalletAmount: 2}})
				changes.Addresses = append(changes.Addresses, pontage.AddressSeen{StatisticKey: key, Address: home, At: at},
					pontage.AddressSeen{StatisticKey: key, Address: address(i), At: at.Add(time.Second)})
			}
		}
		fold(t, store, who, changes)
		for _, c := range []struct {
			dimension pontage.Dimension
			period    pontage.Period
			days      int64
			addresses []netip.Addr
		}{
			{pontage.ByToken, "2026-11", 2, []netip.Addr{address(1), home, address(0)}},
			{pontage.ByToken, "2026", 3, []netip.Addr{address(2), home, address(1), address(0)}},
			{pontage.ByAccount, "2026", 2, []netip.Addr{address(4), home, address(3)}},
		} {
			query := pontage.StatisticQuery{AccountID: who.account, Dimension: c.dimension, Period: c.period, Addresses: true}
			got, err := store.StatisticLines(t.Context(), query)
			want := []pontage.StatisticLine{{AddressCount: int64(len(c.addresses)), Addresses: c.addresses,
				Usage: pontage.Usage{TotalRequests: c.days, WalletAmount: 2 * pontage.Money(c.days)}}}
			if c.dimension == pontage.ByToken {
				want[0].Key = string(who.lineage)
			}
			if diff := cmp.Diff(want, got, addresses); diff != "" || err != nil {
				t.Errorf("%s in %s: %s, %v", c.dimension, c.period, diff, err)
			}
		}
	})
}

// An account that is called from everywhere must not fill the database: so many addresses have a line, and keep it.
func TestLinesByAddressAreBounded(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		line := func(i int) pontage.StatisticDelta {
			key := pontage.StatisticKey{AccountID: who.account, Dimension: pontage.ByAddress, Key: address(i).String()}
			return pontage.StatisticDelta{StatisticKey: key, Usage: pontage.Usage{TotalRequests: 1}}
		}
		for _, from := range []int{0, 600, 0, 1200} {
			var changes pontage.FoldChanges
			for i := from; i < from+600; i++ {
				changes.Statistics = append(changes.Statistics, line(i))
			}
			slices.SortFunc(changes.Statistics, func(a, b pontage.StatisticDelta) int { return a.StatisticKey.Compare(b.StatisticKey) })
			fold(t, store, who, changes)
		}
		lines, err := store.StatisticLines(t.Context(), pontage.StatisticQuery{AccountID: who.account, Dimension: pontage.ByAddress})
		if err != nil || len(lines) != pontage.AddressesPerLine {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		count := map[int64]int{}
		for _, l := range lines {
			count[l.Usage.TotalRequests]++
		}
		if count[2] != 600 || count[1] != 400 {
			t.Errorf("%v lines by their calls", count)
		}
	})
}

// A token used from everywhere must not fill the database: the last hundred addresses are kept, and a thousand of any other line.
func TestAddressesAreCutToTheNewest(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		account := pontage.StatisticKey{AccountID: who.account, Dimension: pontage.ByAccount}
		token := pontage.StatisticKey{AccountID: who.account, Dimension: pontage.ByToken, Key: string(who.lineage)}
		for from := 0; from < 1200; from += 600 {
			var changes pontage.FoldChanges
			for i := from; i < from+600; i++ {
				at := start.Add(time.Duration(i) * time.Second)
				changes.Addresses = append(changes.Addresses, pontage.AddressSeen{StatisticKey: account, Address: address(i), At: at})
				if i < 150 {
					changes.Addresses = append(changes.Addresses, pontage.AddressSeen{StatisticKey: token, Address: address(i), At: at})
				}
			}
			fold(t, store, who, changes)
		}
		query := pontage.StatisticQuery{AccountID: who.account, Dimension: pontage.ByAccount, Addresses: true}
		lines, err := store.StatisticLines(t.Context(), query)
		if err != nil || len(lines) != 1 || lines[0].AddressCount != 1000 || len(lines[0].Addresses) != 1000 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		if lines[0].Addresses[0] != address(1199) || lines[0].Addresses[999] != address(200) {
			t.Error("not the newest are kept")
		}
		seen, err := store.LineageAddresses(t.Context(), []pontage.LineageID{who.lineage, "lin_none"})
		of := seen[who.lineage]
		if err != nil || len(of) != 100 || of[0].Address != address(149) || of[99].Address != address(50) || len(seen) != 1 {
			t.Errorf("%d addresses of the token, %v", len(of), err)
		}
		want := pontage.AddressSeen{StatisticKey: token, Address: address(149), At: start.Add(149 * time.Second)}
		if diff := cmp.Diff(want, of[0], addresses); diff != "" {
			t.Error(diff)
		}
		mustHaveNo(t, store, "statistic addresses")
	})
}

func mustHaveNo(t *testing.T, store *storage.Store, what string) {
	t.Helper()
	found, err := store.Differences(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		if d.What == what {
			t.Errorf("%+v", d)
		}
	}
}

func address(i int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 0x0a000000+uint32(i))
	return netip.AddrFrom4(b)
}

// The error log is what a partner debugs with: every field, newest first, by scope, without gaps between pages.
func TestErrorEntriesRoundTripAndPage(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		putScope(t, store)
		entry := func(id string, at time.Time) pontage.ErrorEntry {
			return pontage.ErrorEntry{
				ID: pontage.ErrorEntryID(id), AccountID: who.account, ScopeID: scope, ScopeName: "GET:" + host + "/IT-start", Host: host,
				At: at, Status: 402, Code: pontage.InsufficientCredit, Message: "Insufficient credit.", Address: home,
			}
		}
		bare := pontage.ErrorEntry{ID: "err_0", AccountID: who.account, Host: host, At: start, Status: 404, Code: pontage.OperationNotFound}
		entries := []pontage.ErrorEntry{entry("err_3", start.Add(time.Second)), entry("err_2", start), entry("err_1", start), bare}
		fold(t, store, who, pontage.FoldChanges{Errors: []pontage.ErrorEntry{entries[2], entries[0], bare, entries[1]}})
		fold(t, store, who, pontage.FoldChanges{Errors: []pontage.ErrorEntry{entries[2]}})
		var got []pontage.ErrorEntry
		for skip := range 5 {
			page, err := store.ErrorEntries(t.Context(), pontage.LogQuery{AccountID: who.account, Page: pontage.Page{Skip: skip, Limit: 1}})
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page...)
		}
		if diff := cmp.Diff(entries, got, addresses); diff != "" {
			t.Error(diff)
		}
		list, err := store.ErrorEntries(t.Context(), pontage.LogQuery{
			AccountID: who.account, Scopes: []pontage.ScopeID{scope}, Page: pontage.Page{Limit: 9}})
		if len(list) != 3 || err != nil {
			t.Errorf("%d of the scope, %v", len(list), err)
		}
	})
}

func putScope(t *testing.T, store *storage.Store) {
	t.Helper()
	write(t, store, func(tx pontage.Tx) error {
		return first(
			tx.PutAPI(t.Context(), pontage.API{ID: "api_1", Host: host, CreatedAt: start, UpdatedAt: start}),
			tx.PutScopes(t.Context(), []pontage.Scope{{
				ID: scope, APIID: "api_1", Name: "GET:" + host + "/IT-start", Method: "GET", Host: host, Segment: "IT-start"}}))
	})
}

// A callback is shown to the partner as it was sent.
func TestCallbacksRoundTripAndPage(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		putScope(t, store)
		full := pontage.Callback{
			ID: pontage.NewCallbackID(start), AccountID: who.account, ScopeID: scope, ScopeName: "GET:" + host + "/IT-start", Host: host,
			Active: true, Method: "POST", URL: "https://partner.example/hook?a=1", Field: "data", Data: []byte(`{"a":"it's"}`),
			Custom: []byte(`null`), Headers: []byte(`{}`), Status: 503, Elapsed: 1234 * time.Microsecond, Attempt: 2, Retry: 3,
			CreatedAt: start.Add(time.Second), StartedAt: start.Add(2 * time.Second), CompletedAt: start.Add(3 * time.Second),
		}
		bare := pontage.Callback{ID: pontage.NewCallbackID(start), AccountID: who.account, CreatedAt: start}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertCallback(t.Context(), bare), tx.InsertCallback(t.Context(), full))
		})
		got, err := store.Callbacks(t.Context(), pontage.LogQuery{AccountID: who.account, Page: pontage.Page{Limit: 10}})
		if diff := cmp.Diff([]pontage.Callback{full, bare}, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if one, err := store.Callback(t.Context(), full.ID); err != nil || cmp.Diff(&full, one) != "" {
			t.Errorf("%+v, %v", one, err)
		}
		if _, err := store.Callback(t.Context(), "cbk_none"); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("an unknown one gave %v", err)
		}
	})
}

// A month opens into its days and nothing else: no other month, dimension, account or longer period.
func TestAMonthOpensIntoItsDays(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who, other := newTenant(t, store, 0), newTenant(t, store, 0)
		line := func(account pontage.AccountID, period pontage.Period, dimension pontage.Dimension, n int64) pontage.StatisticDelta {
			return pontage.StatisticDelta{StatisticKey: pontage.StatisticKey{AccountID: account, Period: period, Dimension: dimension},
				Usage: pontage.Usage{TotalRequests: n}}
		}
		fold(t, store, who, pontage.FoldChanges{Statistics: []pontage.StatisticDelta{
			line(who.account, "2026-11-30", pontage.ByAccount, 3), line(who.account, "2026-11-01", pontage.ByAccount, 2),
			line(who.account, "2026-11", pontage.ByAccount, 5), line(who.account, "2026", pontage.ByAccount, 6), line(who.account, "", pontage.ByAccount, 6),
			line(who.account, "2026-12-01", pontage.ByAccount, 1), line(who.account, "2026-11-02", pontage.ByAPI, 9),
		}})
		fold(t, store, other, pontage.FoldChanges{Statistics: []pontage.StatisticDelta{line(other.account, "2026-11-03", pontage.ByAccount, 7)}})
		want := []pontage.StatisticLine{{Key: "2026-11-01", Usage: pontage.Usage{TotalRequests: 2}}, {Key: "2026-11-30", Usage: pontage.Usage{TotalRequests: 3}}}
		got, err := store.StatisticDays(t.Context(), pontage.StatisticQuery{
			AccountID: who.account, Period: "2026-11", Dimension: pontage.ByAccount})
		if diff := cmp.Diff(want, got, addresses); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}
