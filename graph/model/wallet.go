package model

import "github.com/pontage/pontage"

// The pages of transactions.
type (
	TransactionConnection = Connection[pontage.TransactionLine]
	TransactionEdge       = Edge[pontage.TransactionLine]
)
