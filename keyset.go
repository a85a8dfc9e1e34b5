package pontage

import (
	"strings"
	"time"
)

// Cursor is the place of a row in a list that is newest first: its time and its id. The zero Cursor is before the first row.
type Cursor struct {
	At time.Time
	// Key stands for At in lists that are sorted by a text.
	Key string
	ID  string
}

// Keyset is a page that begins after a row, so that deep pages cost what the first one does and rows that are added meanwhile shift
// nothing; Limit must be positive.
type Keyset struct {
	After Cursor
	Limit int
	// OldestFirst turns the list round: the smallest comes first.
	OldestFirst bool
	// By is what the list is sorted by.
	By SortKey
}

// SortKey is what a list is sorted by, and within the same by id; empty is the time at which an entry was made. Each list knows some.
type SortKey string

// The keys. Texts are compared as SortText makes them; what has no such time comes as the beginning of 1970.
const (
	SortByName    SortKey = "name"
	SortByEmail   SortKey = "email"
	SortByExpiry  SortKey = "expiry"
	SortByLastUse SortKey = "last use"
)

// SortText is a text as lists compare it: by its bytes, but for the case of ASCII letters, which is all that both engines fold alike.
func SortText(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, text)
}

// SortTime is a time as lists compare it.
func SortTime(at time.Time) time.Time {
	if at.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return at
}
