package meter

import (
	"slices"

	"github.com/pontage/pontage"
)

// mergePage gives a page of a list that is mostly stored and a little extra, the tail. stored reads a page of the stored part,
// newest first; extra are entries the stored part lacks, in any order; newer sorts: negative where a comes first.
//
// Of n extra entries at most n come before any stored one, so the page lies within the stored entries from skip-n on; an extra
// entry that comes before all of those that were read belongs to an earlier page.
func mergePage[T any](page pontage.Page, extra []T, newer func(a, b T) int, stored func(pontage.Page) ([]T, error)) ([]T, error) {
	first := max(0, page.Skip-len(extra))
	list, err := stored(pontage.Page{Skip: first, Limit: page.Skip - first + page.Limit})
	if err != nil || len(extra) == 0 {
		return list, err
	}
	extra = slices.Clone(extra)
	slices.SortFunc(extra, newer)
	merged := make([]T, 0, len(list)+len(extra))
	for _, entry := range list {
		for len(extra) > 0 && newer(extra[0], entry) < 0 {
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
