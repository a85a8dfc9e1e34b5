package meter_test

import (
	"slices"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// neighbours is how many accounts share a town in this test: enough for a stretch of the log to be folded in several units of work.
const neighbours = 40

// A stretch of the log is folded for some accounts after the others. Whatever stops it half-way, a disk, a kill, another instance:
// nobody's statistics may be short of a call or have one twice, verify must go on saying equal, and the next fold must finish it.
func TestAnInterruptedFoldIsExactAndIsFinished(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(engine, func(t *testing.T) {
			w := newTown(t, storagetest.Open(t, url), "1")
			m := w.run(w.meter(nil))
			all := append(w.neighbours(), w.account)
			slices.Sort(all)
			w.callAll(m, all)
			last, execute := all[len(all)-1], behind(t, url)
			fault, repair := "ALTER TABLE statistics ADD CONSTRAINT planted CHECK (account_id <> '"+string(last)+"')", "ALTER TABLE statistics DROP CONSTRAINT planted"
			if engine == "sqlite" {
				fault = "CREATE TRIGGER planted BEFORE INSERT ON statistics WHEN new.account_id = '" + string(last) + "' BEGIN SELECT RAISE(ABORT, 'planted'); END"
				repair = "DROP TRIGGER planted"
			}
			execute(fault)
			if err := m.FoldNow(t.Context()); err == nil {
				t.Fatal("the fault stopped nothing")
			}
			if tail := w.unfolded(w.store, all); tail == 0 || tail == len(all) {
				t.Fatalf("%d of %d accounts are unfolded: the fold did not stop half-way", tail, len(all))
			}
			w.countedOnce(m, all, 1)
			w.equal(m)
			w.callAll(m, all) // what comes meanwhile is not part of the stretch that is under way
			w.countedOnce(m, all, 2)
			w.equal(m)
			execute(repair)
			other := w.run(w.meter(storagetest.Open(t, url)))
			w.must(other.FoldNow(t.Context()))
			w.must(m.FoldNow(t.Context()))
			if tail := w.unfolded(w.store, all); tail != 0 {
				t.Fatalf("%d accounts are unfolded", tail)
			}
			w.countedOnce(other, all, 2)
			w.equal(m)
		})
	}
}

// neighbours makes accounts with a token each.
func (w *town) neighbours() (ids []pontage.AccountID) {
	for range neighbours {
		id, lineage := pontage.NewAccountID(w.clock.Now()), w.lineage
		lineage.ID, lineage.TokenID, lineage.AccountID = pontage.LineageID("lin_"+string(id)), pontage.NewTokenID(w.clock.Now()), id
		w.must(w.store.Write(w.t.Context(), func(tx pontage.Tx) error {
			if err := tx.InsertAccount(w.t.Context(), pontage.Account{ID: id, Email: string(id) + "@example.com", CreatedAt: w.clock.Now()}); err != nil {
				return err
			}
			return tx.InsertLineage(w.t.Context(), lineage)
		}))
		ids = append(ids, id)
	}
	return ids
}

// callAll makes one free call of each account.
func (w *town) callAll(m *meter.Meter, accounts []pontage.AccountID) {
	w.t.Helper()
	for _, id := range accounts {
		a := w.attempt(free)
		if id != w.account {
			l, err := w.store.Lineage(w.t.Context(), pontage.LineageID("lin_"+string(id)))
			w.must(err)
			a.Admission.AccountID, a.Admission.LineageID, a.Admission.TokenID = id, l.ID, l.TokenID
		}
		if d := w.reserve(m, a); !d.Admitted {
			w.t.Fatalf("refused: %v", d.Refusal)
		}
		w.must(m.Settle(w.t.Context(), ended(a.CallID, 200)))
	}
}

// unfolded counts the accounts with a tail.
func (w *town) unfolded(store *storage.Store, accounts []pontage.AccountID) (n int) {
	w.t.Helper()
	for _, id := range accounts {
		tail, err := store.Tail(w.t.Context(), id)
		w.must(err)
		if len(tail.Calls) > 0 {
			n++
		}
	}
	return n
}

// countedOnce expects so many calls of every account, by API and by token.
func (w *town) countedOnce(m *meter.Meter, accounts []pontage.AccountID, calls int64) {
	w.t.Helper()
	for _, id := range accounts {
		by := pontage.Actor{Kind: pontage.ActorAccount, AccountID: id}
		for _, dimension := range []pontage.Dimension{pontage.ByAPI, pontage.ByToken} {
			lines, err := m.Statistics(w.t.Context(), by, pontage.StatisticQuery{Dimension: dimension})
			w.must(err)
			if len(lines) != 1 || lines[0].Usage.TotalRequests != calls || lines[0].AddressCount != 1 {
				w.t.Fatalf("%s by %s: %+v, want %d calls", id, dimension, lines, calls)
			}
		}
	}
}
