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
)

// LogFilter says which entries a list shows; nil does not narrow it.
type LogFilter struct{ Scopes []string }

// StatisticLine is one line of statistics.
type StatisticLine struct {
	pontage.StatisticLine
	pontage.Usage
}
