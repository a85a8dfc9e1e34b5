package meter

import (
	"slices"

	"github.com/pontage/pontage"
)

// mergePage gives a page of a list that is mostly stored and a little extra, the tail. stored reads a page of the stored part,
// in its order; extra are entries the stored part lacks, in any order; place says where an entry stands.
//
// Of n extra entries at most n come before any stored one, so the page lies within the stored entries from skip-n on; an extra
// entry that comes before all of those that were read belongs to an earlier page.
func mergePage[T any](page pontage.Page, extra []T, place func(T) pontage.Place, stored func(pontage.Page) ([]T, error)) ([]T, error) {
	extra = slices.DeleteFunc(slices.Clone(extra), func(e T) bool { return !page.Holds(place(e)) })
	first := max(0, page.Skip-len(extra))
	wanted := page
	wanted.Skip, wanted.Limit = first, page.Skip-first+page.Limit
	list, err := stored(wanted)
	if err != nil || len(extra) == 0 {
		return list, err
	}
	comes := func(a, b T) int { return page.Compare(place(a), place(b)) }
	slices.SortFunc(extra, comes)
	merged := make([]T, 0, len(list)+len(extra))
	for _, entry := range list {
		for len(extra) > 0 && comes(extra[0], entry) < 0 {
			merged, extra = append(merged, extra[0]), extra[1:]
		}
		merged = append(merged, entry)
	}
	// What is left comes after all that was read; where more is stored, that is behind the page.
	return cut(append(merged, extra...), page.Skip-first, page.Limit), nil
}

// cut gives the part of a list.
func cut[T any](list []T, skip, limit int) []T {
	list = list[min(skip, len(list)):]
	return list[:min(limit, len(list))]
}
