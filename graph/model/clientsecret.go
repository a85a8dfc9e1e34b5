package model

import (
	"time"

	"github.com/pontage/pontage"
)

// The pages of client secrets.
type (
	ClientSecretConnection = Connection[pontage.UsedSecret]
	ClientSecretEdge       = Edge[pontage.UsedSecret]
)

// ClientSecretFilter says which client secrets a list shows; nil fields do not narrow it.
type ClientSecretFilter struct{ Active *bool }

// CreateClientSecretInput and its siblings are the inputs and payloads of the mutations on client secrets.
type (
	CreateClientSecretInput struct {
		ClientID  pontage.ClientID
		Label     string
		ExpiresAt *time.Time
	}
	CreateClientSecretPayload struct {
		ClientSecret pontage.UsedSecret
		Text         string
	}
	RotateClientSecretInput struct {
		ID             pontage.SecretID
		OverlapSeconds int
	}
	RotateClientSecretPayload struct {
		ClientSecret, Replaced pontage.UsedSecret
		Text                   string
	}
	RevokeClientSecretInput   struct{ ID pontage.SecretID }
	RevokeClientSecretPayload struct{ ID pontage.SecretID }
)
