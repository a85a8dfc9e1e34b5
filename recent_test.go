package pontage_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// table is what is read: one number that changes, and how often it was read.
type table struct {
	now    time.Time
	value  int
	reads  int
	recent *pontage.Recent[string, int]
}

func newTable(most int) *table {
	t := &table{now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	t.recent = pontage.NewRecent[string, int](func() time.Time { return t.now }, most)
	return t
}

func (t *table) get(key string) int {
	value, err := t.recent.Get(key, func() (int, error) {
		t.reads++
		return t.value, nil
	})
	if err != nil {
		panic(err)
	}
	return value
}

// What another instance changed must be seen after a second, whatever the clock does.
func TestRecentBelievesForASecond(t *testing.T) {
	b := newTable(10)
	for _, step := range []struct {
		after       time.Duration
		value, want int
	}{
		{0, 1, 1}, {pontage.Freshness - 1, 2, 1}, {1, 2, 2}, {pontage.Freshness / 2, 3, 2}, {pontage.Freshness / 2, 3, 3}, {-time.Hour, 4, 4},
		{10 * time.Hour, 5, 5},
	} {
		b.now, b.value = b.now.Add(step.after), step.value
		if got := b.get("a"); got != step.want {
			t.Fatalf("after %v: got %d, want %d", step.after, got, step.want)
		}
	}
}

// What this instance changed must be seen at once, also by who was reading while it changed.
func TestRecentForgetsWhatWasReadBeforeAChange(t *testing.T) {
	for name, forget := range map[string]func(*pontage.Recent[string, int]){
		"one": func(r *pontage.Recent[string, int]) { r.Forget("b", "a") },
		"all": func(r *pontage.Recent[string, int]) { r.ForgetAll() },
	} {
		b := newTable(10)
		b.value = 1
		b.get("a")
		b.value = 2
		forget(b.recent)
		if got := b.get("a"); got != 2 {
			t.Fatalf("%s: a change was not seen: %d", name, got)
		}
		b.now = b.now.Add(pontage.Freshness)
		late, _ := b.recent.Get("a", func() (int, error) {
			before := b.value
			b.value = 3
			forget(b.recent)
			return before, nil
		})
		if got := b.get("a"); late != 2 || got != 3 {
			t.Fatalf("%s: what was read before the change was remembered after it: %d, %d", name, late, got)
		}
	}
}

// What could not be read must not stand for what is there.
func TestRecentRemembersNoError(t *testing.T) {
	b := newTable(10)
	if _, err := b.recent.Get("a", func() (int, error) { return 0, errors.New("away") }); err == nil {
		t.Fatal("the error is lost")
	}
	b.value = 1
	for range 2 {
		if got := b.get("a"); got != 1 || b.reads != 1 {
			t.Fatalf("%d after %d reads", got, b.reads)
		}
	}
}

// However many keys strangers make us look at, memory is bounded; what is used stays known.
func TestRecentIsBounded(t *testing.T) {
	b := newTable(4)
	for i := range 100 {
		b.get(string(rune('a' + i)))
	}
	b.reads = 0
	for i := range 100 {
		b.get(string(rune('a' + i)))
	}
	if b.reads != 100 {
		t.Fatalf("of 100 keys %d were remembered", 100-b.reads)
	}
	if b.get(string(rune('a' + 99))); b.reads != 100 {
		t.Fatal("the last one was forgotten")
	}
}

func BenchmarkRecent(b *testing.B) {
	r := pontage.NewRecent[string, int](time.Now, 10)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = r.Get("a", func() (int, error) { return 1, nil })
	}
}
