package meter

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// minute stands an entry in a list: three entries share a moment.
func minute(n int) pontage.Place {
	return pontage.Place{At: time.Unix(int64(n/3), 0).UTC(), ID: string(rune('A' + n))}
}

// However a list is split into what is stored and what is not yet, every page of either order is the page of the whole, whether it is
// counted off or begins behind an entry.
func TestAPageOfBothPartsIsThePageOfTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		page := pontage.Page{Skip: rapid.IntRange(0, 30).Draw(t, "skip"), Limit: rapid.IntRange(1, 12).Draw(t, "limit"),
			OldestFirst: rapid.Bool().Draw(t, "oldest first")}
		if rapid.Bool().Draw(t, "after") {
			page.After = minute(rapid.IntRange(0, 60).Draw(t, "place"))
		}
		whole := rapid.SliceOfNDistinct(rapid.IntRange(0, 60), 0, 25, rapid.ID[int]).Draw(t, "whole")
		slices.SortFunc(whole, func(a, b int) int { return page.Compare(minute(a), minute(b)) })
		var stored, extra []int
		for _, entry := range whole {
			if rapid.Bool().Draw(t, "stored") {
				stored = append(stored, entry)
			} else {
				extra = append(extra, entry)
			}
		}
		held := func(list []int, p pontage.Page) []int {
			list = slices.DeleteFunc(slices.Clone(list), func(n int) bool { return !p.Holds(minute(n)) })
			return cut(list, p.Skip, p.Limit)
		}
		got, err := mergePage(page, extra, minute, func(p pontage.Page) ([]int, error) { return held(stored, p), nil })
		if want := held(whole, page); err != nil || !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v of %v stored and %v not", got, want, stored, extra)
		}
	})
}
