package model

import "github.com/pontage/pontage"

// BuySubscriptionPayload and its siblings are the inputs and payloads of the mutations on subscriptions.
type (
	BuySubscriptionPayload    struct{ Subscription pontage.Subscription }
	CancelSubscriptionInput   struct{ ID pontage.SubscriptionID }
	CancelSubscriptionPayload struct{ Subscription pontage.Subscription }
	ResumeSubscriptionInput   struct{ ID pontage.SubscriptionID }
	ResumeSubscriptionPayload struct{ Subscription pontage.Subscription }
)
