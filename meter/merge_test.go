package meter

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// However a list is split into what is stored and what is not yet, every page is the page of the whole.
func TestAPageOfBothPartsIsThePageOfTheWhole(t *testing.T) {
	newest := func(a, b int) int { return cmp.Compare(b, a) }
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfNDistinct(rapid.IntRange(0, 60), 0, 25, rapid.ID[int]).Draw(t, "whole")
		slices.SortFunc(whole, newest)
		var stored, extra []int
		for _, entry := range whole {
			if rapid.Bool().Draw(t, "stored") {
				stored = append(stored, entry)
			} else {
				extra = append(extra, entry)
			}
		}
		page := pontage.Page{Skip: rapid.IntRange(0, 30).Draw(t, "skip"), Limit: rapid.IntRange(1, 12).Draw(t, "limit")}
		got, err := mergePage(page, extra, newest, func(p pontage.Page) ([]int, error) {
			return slices.Clone(cut(stored, p.Skip, p.Limit)), nil
		})
		want := cut(whole, page.Skip, page.Limit)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v of %v stored and %v not", got, want, stored, extra)
		}
	})
}
