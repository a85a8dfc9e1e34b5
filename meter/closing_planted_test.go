package meter_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage/storagetest"
)

// plant is what somebody with the database's password changes, how to take it back, and what verify must name.
type plant struct {
	name, do, undo string
	want           []string
}

const (
	firstClosing = " WHERE day = (SELECT min(day) FROM closings)"
	firstTotal   = " WHERE dimension = 'scope' AND closing = (SELECT min(closing) FROM closed_totals) AND spent_requests > 0"
	lastCall     = " WHERE sequence = (SELECT max(sequence) FROM calls WHERE payer = 'wallet')"
)

var plants = []plant{
	{"calls of a closed total", "UPDATE closed_totals SET total_requests = total_requests + 1" + firstTotal,
		"UPDATE closed_totals SET total_requests = total_requests - 1" + firstTotal,
		[]string{"closed day signature", "statistic totalRequests"}},
	{"money of a closed total", "UPDATE closed_totals SET spent_amount = spent_amount - 1" + firstTotal,
		"UPDATE closed_totals SET spent_amount = spent_amount + 1" + firstTotal,
		[]string{"closed day signature", "usage day amount", "account usage amount"}},
	{"a closed total that is gone", "CREATE TABLE spare AS SELECT * FROM closed_totals" + firstTotal + "; DELETE FROM closed_totals" + firstTotal,
		"INSERT INTO closed_totals SELECT * FROM spare; DROP TABLE spare",
		[]string{"closed day signature", "statistic totalRequests", "statistic walletAmount"}},
	{"a total and its statistics alike", "UPDATE closed_totals SET error_requests = error_requests + 1 WHERE dimension = 'token'" +
		" AND closing = (SELECT min(closing) FROM closed_totals); UPDATE lineage_usage SET error_requests = error_requests + 1;" +
		" UPDATE statistics SET error_requests = error_requests + 1 WHERE dimension = 'token'",
		"UPDATE closed_totals SET error_requests = error_requests - 1 WHERE dimension = 'token' AND closing = (SELECT min(closing) FROM" +
			" closed_totals); UPDATE lineage_usage SET error_requests = error_requests - 1; UPDATE statistics SET error_requests = error_requests - 1" +
			" WHERE dimension = 'token'",
		[]string{"closed day signature"}},
	{"the edge of a closing", "UPDATE closings SET calls = calls + 1" + firstClosing, "UPDATE closings SET calls = calls - 1" + firstClosing,
		[]string{"closed day signature"}},
	{"the key of a closing", "UPDATE closings SET key_id = 'k7'" + firstClosing, "UPDATE closings SET key_id = 'k1'" + firstClosing,
		[]string{"closed day signature"}},
	{"a signature", "CREATE TABLE spare AS SELECT day, signature FROM closings" + firstClosing + "; UPDATE closings SET signature = (SELECT signature" +
		" FROM closings WHERE day = (SELECT max(day) FROM closings))" + firstClosing,
		"UPDATE closings SET signature = (SELECT signature FROM spare)" + firstClosing + "; DROP TABLE spare",
		[]string{"closed day signature"}},
	{"a closing that is gone", "CREATE TABLE spare AS SELECT * FROM closings" + firstClosing + "; DELETE FROM closings" + firstClosing,
		"INSERT INTO closings SELECT * FROM spare; DROP TABLE spare", []string{"closed day signature"}},
	{"a price of the open day", "UPDATE calls SET price = price + 1" + lastCall, "UPDATE calls SET price = price - 1" + lastCall,
		[]string{"transfer amount", "token walletAmount", "statistic walletAmount", "usage day amount", "account usage amount"}},
	{"an ending of the open day", "CREATE TABLE spare AS SELECT * FROM outcomes WHERE sequence = (SELECT max(sequence) FROM outcomes);" +
		" DELETE FROM outcomes WHERE sequence = (SELECT sequence FROM spare)",
		"INSERT INTO outcomes OVERRIDING SYSTEM VALUE SELECT * FROM spare; DROP TABLE spare", []string{"wallet held", "open calls", "transfer amount"}},
	{"a statistic of a closed day", "UPDATE statistics SET wallet_requests = wallet_requests + 1 WHERE dimension = 'scope' AND period = '2026-11-20'",
		"UPDATE statistics SET wallet_requests = wallet_requests - 1 WHERE dimension = 'scope' AND period = '2026-11-20'",
		[]string{"statistic walletRequests"}},
	{"an address of a closed total", "UPDATE closed_totals SET wallet_requests = wallet_requests + 1 WHERE dimension = 'address'" +
		" AND closing = (SELECT min(closing) FROM closed_totals)",
		"UPDATE closed_totals SET wallet_requests = wallet_requests - 1 WHERE dimension = 'address' AND closing = (SELECT min(closing) FROM closed_totals)",
		[]string{"closed day signature", "statistic walletRequests"}},
	{"a client's closed day", "UPDATE statistics SET error_requests = error_requests + 1 WHERE dimension = 'client' AND period = '2026-11-20'",
		"UPDATE statistics SET error_requests = error_requests - 1 WHERE dimension = 'client' AND period = '2026-11-20'",
		[]string{"statistic errorRequests"}},
	{"a domain's closed day", "UPDATE statistics SET total_requests = total_requests - 1 WHERE dimension = 'domain' AND period = '2026-11-20'",
		"UPDATE statistics SET total_requests = total_requests + 1 WHERE dimension = 'domain' AND period = '2026-11-20'",
		[]string{"statistic totalRequests"}},
	{"an allowance", "UPDATE allowances SET total_used = total_used + 1", "UPDATE allowances SET total_used = total_used - 1",
		[]string{"allowance totalUsed"}},
}

// raw opens the database behind the store's back, with its guards taken down.
func raw(t *testing.T, url string) (execute func(text string)) {
	t.Helper()
	guards := "ALTER TABLE @ DISABLE TRIGGER ALL"
	if strings.HasPrefix(url, "sqlite:") {
		guards = "DROP TRIGGER @_update; DROP TRIGGER IF EXISTS @_delete"
	}
	execute = behind(t, url)
	for _, table := range []string{"closings", "closed_totals", "calls", "outcomes"} {
		execute(strings.ReplaceAll(guards, "@", table))
	}
	return execute
}

// behind opens the database behind the store's back.
func behind(t *testing.T, url string) (execute func(text string)) {
	t.Helper()
	driver := "pgx"
	if path, sqlite := strings.CutPrefix(url, "sqlite:"); sqlite {
		driver, url = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func(text string) {
		t.Helper()
		if driver == "sqlite" {
			text = strings.ReplaceAll(text, "OVERRIDING SYSTEM VALUE ", "")
		}
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// A proof that cannot fail proves nothing: whatever is changed in an open day, in a closed one, or in its signature, verify names it.
func TestVerifyFindsEveryChangeOfTheBooks(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(engine, func(t *testing.T) {
			w := newTown(t, storagetest.Open(t, url), "100")
			m := w.run(w.closing(pontage.NewKey("k1")))
			_, _, tokens := w.shop()
			for range 3 {
				w.trade(m, tokens, 0)
				w.clock.forward(24 * time.Hour)
				w.must(m.Reap(t.Context()))
				w.must(m.FoldNow(t.Context()))
				w.must(m.CloseNow(t.Context()))
			}
			w.clock.forward(32 * 24 * time.Hour)
			w.must(m.DeleteNow(t.Context()))
			id := w.admit(m, priced)
			w.must(m.Settle(t.Context(), ended(id, 200)))
			w.must(m.FoldNow(t.Context()))
			w.equal(m)
			if c := m.Counters(); c.Closed < 3 || c.Deleted < 30 {
				t.Fatalf("%d closings, %d calls deleted", c.Closed, c.Deleted)
			}
			execute := raw(t, url)
			w.finds(m, execute, plants)
			w.coarse(m, execute)
		})
	}
}

// finds makes the changes, one at a time, and has verify name each.
func (w *town) finds(m *meter.Meter, execute func(string), plants []plant) {
	w.t.Helper()
	for _, p := range plants {
		execute(p.do)
		found, err := m.Verify(w.t.Context())
		w.must(err)
		for _, what := range p.want {
			if !slices.ContainsFunc(found, func(d pontage.Difference) bool { return d.What == what && d.Stored != d.Computed }) {
				w.t.Errorf("%s: %q is missing from %+v", p.name, what, found)
			}
		}
		execute(p.undo)
		w.equal(m)
	}
}

// coarse makes the closings what older ones are: they do not know addresses, and tokens by no day. Nothing that they say is missing then, but
// the signatures, which such a change breaks; and what they still say is proved.
func (w *town) coarse(m *meter.Meter, execute func(string)) {
	w.t.Helper()
	execute("DELETE FROM closed_totals WHERE dimension = 'address'; UPDATE closed_totals SET day = '' WHERE dimension = 'token'")
	found, err := m.Verify(w.t.Context())
	w.must(err)
	for _, d := range found {
		if d.What != "closed day signature" {
			w.t.Errorf("with coarse closings: %+v", d)
		}
	}
	execute("UPDATE statistics SET total_requests = total_requests + 1 WHERE dimension IN ('client', 'domain') AND period = ''")
	if found, err = m.Verify(w.t.Context()); !slices.ContainsFunc(found, func(d pontage.Difference) bool { return d.What == "statistic totalRequests" }) {
		w.t.Errorf("with coarse closings nobody sees what a client ever used: %+v, %v", found, err)
	}
}
