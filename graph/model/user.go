package model

import "github.com/pontage/pontage"

// ReplaceProfilePayload and its siblings are the inputs and payloads of the mutations on people and their accounts.
type (
	ReplaceProfilePayload     struct{ User pontage.User }
	ChangePasswordInput       struct{ Password string }
	ChangePasswordPayload     struct{ Changed bool }
	RequestEmailChangeInput   struct{ Email string }
	RequestEmailChangePayload struct{ Email string }
	ConfirmEmailChangeInput   struct{ Code string }
	ConfirmEmailChangePayload struct{ Changed bool }
	DeleteAccountInput        struct{ Confirmation string }
	DeleteAccountPayload      struct{ ID pontage.AccountID }
)
