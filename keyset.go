package pontage

import "time"

// Cursor is the place of a row in a list that is newest first: its time and its id. The zero Cursor is before the first row.
type Cursor struct {
	At time.Time
	ID string
}

// Keyset is a page that begins after a row, so that deep pages cost what the first one does and rows that are added meanwhile shift
// nothing; Limit must be positive.
type Keyset struct {
	After Cursor
	Limit int
	// OldestFirst turns the list round.
	OldestFirst bool
}
