package model

import "github.com/pontage/pontage"

// The pages of API keys.
type (
	APIKeyConnection = Connection[pontage.APIKey]
	APIKeyEdge       = Edge[pontage.APIKey]
)

// APIKeyFilter says which API keys a list shows; nil fields do not narrow it.
type APIKeyFilter struct{ Active *bool }

// CreateAPIKeyInput and its siblings are the inputs and payloads of the mutations on API keys.
type (
	CreateAPIKeyInput   struct{ Label string }
	CreateAPIKeyPayload struct {
		APIKey pontage.APIKey
		Text   string
	}
	RevokeAPIKeyInput   struct{ ID pontage.APIKeyID }
	RevokeAPIKeyPayload struct{ ID pontage.APIKeyID }
)
