package model

import (
	"time"

	"github.com/pontage/pontage"
)

// The pages of transactions.
type (
	TransactionConnection = Connection[pontage.TransactionLine]
	TransactionEdge       = Edge[pontage.TransactionLine]
)

// TransactionFilter says which transactions a list shows; what is not set does not narrow it.
type TransactionFilter struct {
	Kinds       []pontage.TransferKind
	From, Until *time.Time
}
