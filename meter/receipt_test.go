package meter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// receipt opens a call and shows it on one line: state, charge, then every check with a number.
func (w *town) receipt(m *meter.Meter, id pontage.CallID) (*meter.Receipt, string) {
	w.t.Helper()
	r, err := m.Receipt(w.t.Context(), w.by(), id)
	w.must(err)
	text := []string{string(r.State), r.Charged.String()}
	for _, c := range r.Checks {
		if c.Before != "" && c.Name != "rate" || !c.Passed {
			mark := map[bool]string{false: "!"}[c.Passed]
			text = append(text, mark+c.Name+" "+c.Window+" "+c.Before+">"+c.After+"/"+c.Limit+" "+c.Unit)
		}
	}
	return r, strings.Join(text, "; ")
}

// Whoever asks later why a call cost what it cost must see what the decision saw, also after everything has changed.
func TestAReceiptTellsWhatTheDecisionSaw(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "10")
		m := w.run(w.meter(nil))
		w.change(func(l *pontage.Lineage) {
			l.Limits.TotalRequests, l.Limits.WalletAmount, l.Name = ptr(int64(9)), ptr(money("0.6")), "nightly"
		})
		want := map[pontage.CallID]string{}
		expect := func(id pontage.CallID, text string) pontage.CallID {
			want[id] = text
			return id
		}
		expect(w.admit(m, allowed), "open; 0; totalRequests token 9>8/9 requests; allowance day 2>1/2 requests")
		second := expect(w.admit(m, allowed), "settled; 0; totalRequests token 8>7/9 requests; allowance day 1>0/2 requests")
		w.must(m.Settle(t.Context(), ended(second, 200)))
		paid := expect(w.admit(m, allowed), "settled; 0.5; totalRequests token 7>6/9 requests; !allowance day 0>0/2 requests;"+
			" wallet wallet 10>9.5/ EUR; walletAmount token 0.6>0.1/0.6 EUR")
		w.must(m.Settle(t.Context(), meter.Ending{CallID: paid, Status: 201, Elapsed: 7 * time.Millisecond}))
		expect(w.reserve(m, w.attempt(allowed)).CallID, "refused; 0; totalRequests token 6>6/9 requests; !allowance day 0>0/2 requests;"+
			" wallet wallet 9.5>9.5/ EUR; !walletAmount token 0.1>0.1/0.6 EUR")
		released := expect(w.admit(m, priced), "released; 0; totalRequests token 6>5/9 requests; wallet wallet 9.5>9.49/ EUR; walletAmount token 0.1>0.09/0.6 EUR")
		w.must(m.Release(t.Context(), ended(released, 502)))
		refunded := expect(w.admit(m, priced), "refunded; 0; releases minute 99>99/100 requests; totalRequests token 5>4/9 requests;"+
			" wallet wallet 9.5>9.49/ EUR; walletAmount token 0.1>0.09/0.6 EUR")
		w.must(m.Settle(t.Context(), ended(refunded, 200)))
		w.must(m.Refund(t.Context(), meter.Ending{CallID: refunded, Code: pontage.BadGateway}))
		w.subscribe(m, "1", 5, pontage.Monthly, false)
		expect(w.admit(m, priced), "open; 0; releases minute 99>99/100 requests; totalRequests token 4>3/9 requests; subscription subscription 5>4/5 requests")
		expect(w.admit(m, free), "open; 0; totalRequests token 3>2/9 requests")
		expect(w.reserve(m, w.attempt(unpriced)).CallID, "refused; 0; !price  >/ ")

		w.change(func(l *pontage.Lineage) { l.Limits, l.Name = pontage.Limits{}, "renamed" })
		w.scopes[allowed].Price = ptr(money("7"))
		for id, text := range want {
			r, got := w.receipt(m, id)
			if got != text {
				t.Errorf("%s: got  %s\nwant %s", id, got, text)
			}
			if r.TokenName != "renamed" || r.Call.LineageID != w.lineage.ID || !r.Call.DecidedAt.Equal(storagetest.Start) {
				t.Errorf("who and when: %+v", r)
			}
		}
		w.paidReceipt(m, paid)
		w.strangersSeeNothing(m, paid)
	})
}

// change edits the token as its owner does; attempts made afterwards know it.
func (w *town) change(edit func(*pontage.Lineage)) {
	w.t.Helper()
	w.must(w.store.Write(w.t.Context(), func(tx pontage.Tx) error {
		l, err := tx.Lineage(w.t.Context(), w.lineage.ID)
		if err != nil {
			return err
		}
		edit(l)
		l.Version++
		w.lineage.Version = l.Version
		return tx.UpdateLineage(w.t.Context(), *l)
	}))
}

// paidReceipt looks at what a receipt says of the money and the upstream.
func (w *town) paidReceipt(m *meter.Meter, id pontage.CallID) {
	w.t.Helper()
	r, _ := w.receipt(m, id)
	o := r.Outcomes[0]
	if len(r.Outcomes) != 1 || o.Status != 201 || o.Elapsed != 7*time.Millisecond || o.TransferID == "" || *r.Price != money("0.5") ||
		r.Call.Payer != pontage.PayerWallet || !strings.Contains(r.Reason, "wallet") {
		w.t.Errorf("%+v", r)
	}
	transfer, err := m.Transaction(w.t.Context(), w.by(), string(o.TransferID), pontage.Page{Limit: 1})
	if err != nil || transfer.Kind != pontage.TransferUsage || transfer.Amount != -money("0.5") {
		w.t.Errorf("%+v, %v", transfer, err)
	}
}

func (w *town) strangersSeeNothing(m *meter.Meter, id pontage.CallID) {
	w.t.Helper()
	stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_other"}
	for _, c := range []struct {
		by   pontage.Actor
		id   pontage.CallID
		want pontage.Code
	}{
		{stranger, id, pontage.NotFound}, {w.by(), "cal_none", pontage.NotFound}, {w.by(), "", pontage.NotFound},
		{pontage.Actor{}, id, pontage.NotFound}, {pontage.Operator(), id, ""},
	} {
		if _, err := m.Receipt(w.t.Context(), c.by, c.id); pontage.CodeOf(err) != c.want {
			w.t.Errorf("%v opening %s: %v", c.by, c.id, err)
		}
	}
	for _, line := range []string{"use_2026-11-20_geo.example.com", "tra_none", "", "use_", "use_x_y", "use_2026-11-21_geo.example.com", "use_2026-11_geo.example.com"} {
		if _, err := m.Transaction(w.t.Context(), stranger, line, pontage.Page{Limit: 1}); pontage.CodeOf(err) != pontage.NotFound {
			w.t.Errorf("a stranger opening %q: %v", line, err)
		}
	}
}

// A line's calls must add up to its amount and their number to what it says, at every moment between two folds.
func TestATransactionOpensIntoCallsThatAddUp(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "10")
		m := w.run(w.meter(nil))
		for i := range 12 {
			id := w.admit(m, priced)
			switch i % 4 {
			case 1:
				w.must(m.Release(t.Context(), ended(id, 503)))
			case 2:
				w.must(m.Settle(t.Context(), ended(id, 200)))
				w.must(m.Refund(t.Context(), ended(id, 502)))
			}
			if i%5 == 4 {
				_, err := w.store.Fold(t.Context(), 3, meter.Fold)
				w.must(err)
			}
			w.linesAddUp(m)
		}
	})
}

func (w *town) linesAddUp(m *meter.Meter) {
	w.t.Helper()
	lines, err := m.Transactions(w.t.Context(), w.by(), pontage.Page{Limit: 100})
	w.must(err)
	for _, line := range lines {
		opened, err := m.Transaction(w.t.Context(), w.by(), line.ID, pontage.Page{Limit: 100})
		w.must(err)
		if diff := cmp.Diff(line, opened.TransactionLine); diff != "" {
			w.t.Errorf("opened, the line differs:\n%s", diff)
		}
		sum, usage := pontage.Money(0), strings.HasPrefix(line.ID, "use_")
		for _, c := range opened.Calls {
			sum -= c.Price
		}
		if usage != (opened.Kind == pontage.TransferUsage) || usage && sum != line.Amount || !usage && len(opened.Calls) > 0 {
			w.t.Errorf("%+v has %d calls worth %s", opened.TransactionLine, len(opened.Calls), sum)
		}
	}
}

// A quote must say what the next call gets, and why, and leave everything as it was.
func TestAQuoteExplainsLikeTheReceiptAndTakesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := w.run(w.meter(nil))
		for _, scope := range []int{priced, free, allowed, unpriced, allowed, allowed, allowed} {
			quoted, err := m.Quote(t.Context(), w.attempt(scope))
			w.must(err)
			got := w.reserve(m, w.attempt(scope))
			if diff := cmp.Diff(m.Explain(quoted), m.Explain(got)); diff != "" || quoted.Admitted != got.Admitted {
				t.Errorf("scope %d:\n%s", scope, diff)
			}
		}
		if u := w.usage(); u.TotalRequests != 5 { // the others were refused
			t.Errorf("%+v", u)
		}
	})
}
