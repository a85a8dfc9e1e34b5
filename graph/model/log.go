package model

import (
	"github.com/pontage/pontage"
)

// The pages of subscriptions, errors and callbacks.
type (
	ScopeSubscriptionConnection = Connection[pontage.Subscription]
	ScopeSubscriptionEdge       = Edge[pontage.Subscription]
	ErrorEntryConnection        = Connection[pontage.ErrorEntry]
	ErrorEntryEdge              = Edge[pontage.ErrorEntry]
	CallbackConnection          = Connection[pontage.Callback]
	CallbackEdge                = Edge[pontage.Callback]
	StatisticLineConnection     = Connection[StatisticLine]
	StatisticLineEdge           = Edge[StatisticLine]
)

// LogFilter says which entries a list shows; nil does not narrow it.
type LogFilter struct{ Scopes []string }

// StatisticLine is one line of statistics.
type StatisticLine struct {
	pontage.StatisticLine
	pontage.Usage
}

// StatisticFilter says which lines a list shows; nil does not narrow it.
type StatisticFilter struct {
	Keys []string
	Host *string
}

// StatisticOrder is how lines of statistics are sorted.
type StatisticOrder string

// The orders.
const (
	KeyAscending       StatisticOrder = "KEY_ASCENDING"
	RequestsDescending StatisticOrder = "REQUESTS_DESCENDING"
	ErrorsDescending   StatisticOrder = "ERRORS_DESCENDING"
	AmountDescending   StatisticOrder = "AMOUNT_DESCENDING"
)
