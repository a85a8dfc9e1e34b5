package meter

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// No 60 seconds ever hold more than the limit, wherever they begin, and whoever waits for Reset gets through.
func TestNoMinuteHoldsMoreThanTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(1, 20).Draw(t, "limit")
		table, now := newRateTable(10), noon
		var admitted []time.Time
		for range 100 {
			now = now.Add(time.Duration(rapid.Int64Range(0, 8_000_000_000).Draw(t, "step")))
			state := table.look(RateKey{}, limit, now)
			if state.Remaining == 0 {
				if state.Reset <= 0 || state.Reset > rateSlots*time.Second {
					t.Fatalf("reset %s", state.Reset)
				}
				if table.look(RateKey{}, limit, now.Add(state.Reset)).Remaining == 0 {
					t.Fatal("waited for nothing")
				}
				now = now.Add(state.Reset)
				continue
			}
			table.take(RateKey{})
			table.keep(now)
			admitted = append(admitted, now)
		}
		for i := range admitted {
			if j := i + int(limit); j < len(admitted) && admitted[j].Sub(admitted[i]) < time.Minute {
				t.Fatalf("%d calls within %s", limit+1, admitted[j].Sub(admitted[i]))
			}
		}
	})
}

// A batch that failed took nothing: what it counted is forgotten when the next one begins.
func TestAFailedBatchTakesNoRate(t *testing.T) {
	table, key := newRateTable(10), RateKey{LineageID: "lin_1"}
	for range 3 {
		table.begin()
		table.take(key)
		table.take(key)
		if got := table.look(key, 5, noon).Remaining; got != 3 {
			t.Fatalf("within the batch %d remain", got)
		}
	}
	table.begin()
	if got := table.look(key, 5, noon).Remaining; got != 5 {
		t.Fatalf("%d remain", got)
	}
	table.take(key)
	table.keep(noon)
	table.begin()
	if got := table.look(key, 5, noon).Remaining; got != 4 {
		t.Fatalf("%d remain", got)
	}
}

// The memory of the limits is bounded; who was used last is remembered.
func TestRateMemoryIsBounded(t *testing.T) {
	table := newRateTable(2)
	for _, id := range []pontage.LineageID{"a", "b", "a", "c"} {
		table.take(RateKey{LineageID: id})
		table.keep(noon)
	}
	if table.windows.Len() != 2 || table.look(RateKey{LineageID: "a"}, 9, noon).Remaining != 7 {
		t.Errorf("%d windows", table.windows.Len())
	}
}

// A clock that steps back an hour neither frees a full window at once nor locks it for that hour.
func TestAClockThatStepsBack(t *testing.T) {
	var w window
	w.add(noon, 5)
	back := noon.Add(-time.Hour)
	if s := w.state(5, back); s.Remaining != 0 || s.Reset > rateSlots*time.Second {
		t.Errorf("got %+v", s)
	}
	if s := w.state(5, back.Add(rateSlots*time.Second)); s.Remaining != 5 {
		t.Errorf("got %+v", s)
	}
	w = window{}
	w.add(noon, 5)
	if s := w.state(5, noon.Add(-time.Second)); s.Remaining != 0 {
		t.Errorf("got %+v", s)
	}
}

// The platform's own operations are limited per key, and the refusal says when to come back.
func TestAllowRateRefusesWhatIsTooMuch(t *testing.T) {
	now := noon
	m := New(Config{Clock: func() time.Time { return now }})
	basic, token := RateKey{AccountID: "acc_1"}, RateKey{LineageID: "lin_1", ScopeID: "sco_1"}
	for i := range int64(3) {
		state, refused := m.AllowRate(basic, 3)
		if refused != nil || state.Remaining != 2-i || state.Limit != 3 || state.Window != time.Minute {
			t.Fatalf("%d: %+v %v", i, state, refused)
		}
	}
	if _, refused := m.AllowRate(basic, 3); refused == nil || refused.Code != pontage.RateLimited || refused.RetryAfter <= 0 {
		t.Fatalf("got %v", refused)
	}
	if state, refused := m.AllowRate(token, 0); refused != nil || state.Limit != 10_000 {
		t.Fatalf("got %+v %v", state, refused)
	}
	now = now.Add(rateSlots * time.Second)
	if _, refused := m.AllowRate(basic, 3); refused != nil {
		t.Fatal(refused)
	}
}
