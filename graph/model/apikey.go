package model

import (
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// The pages of API keys.
type (
	APIKeyConnection = Connection[account.UsedKey]
	APIKeyEdge       = Edge[account.UsedKey]
)

// APIKeyFilter says which API keys a list shows; nil fields do not narrow it.
type APIKeyFilter struct{ Active *bool }

// CreateAPIKeyInput and its siblings are the inputs and payloads of the mutations on API keys.
type (
	CreateAPIKeyInput struct {
		Label     string
		ExpiresAt *time.Time
	}
	CreateAPIKeyPayload struct {
		APIKey account.UsedKey
		Text   string
	}
	RotateAPIKeyInput struct {
		ID             pontage.APIKeyID
		OverlapSeconds int
	}
	RotateAPIKeyPayload struct {
		APIKey, Replaced account.UsedKey
		Text             string
	}
	RevokeAPIKeyInput   struct{ ID pontage.APIKeyID }
	RevokeAPIKeyPayload struct{ ID pontage.APIKeyID }
)
