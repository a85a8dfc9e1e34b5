package meter_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// Who tidies up sees which tokens are still in use, within a minute; a refused call is no use.
func TestTheLastUseOfATokenIsNoted(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0.02")
		m := w.run(w.meter(nil))
		begin := w.clock.Now()
		expect := func(want time.Time) {
			t.Helper()
			w.must(m.FoldNow(t.Context()))
			uses, err := m.LastUses(t.Context(), []pontage.LineageID{w.lineage.ID, "lin_x"})
			w.must(err)
			if got := uses[w.lineage.ID]; !got.Equal(want) || len(uses) > 1 {
				t.Errorf("%v, want %s", uses, want)
			}
		}
		expect(time.Time{})
		w.admit(m, priced)
		expect(begin)
		w.clock.forward(59 * time.Second)
		w.admit(m, priced)
		expect(begin)
		w.clock.forward(time.Second)
		if d := w.reserve(m, w.attempt(priced)); d.Admitted {
			t.Fatal("paid by nothing")
		}
		expect(begin)
		w.admit(m, free)
		expect(begin.Add(time.Minute))
	})
}
