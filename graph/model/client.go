package model

import (
	"time"

	"github.com/pontage/pontage"
)

// The pages of clients and their secrets.
type (
	ClientConnection       = Connection[pontage.Client]
	ClientEdge             = Edge[pontage.Client]
	ClientSecretConnection = Connection[pontage.UsedSecret]
	ClientSecretEdge       = Edge[pontage.UsedSecret]
)

// CreateClientInput and its siblings are the inputs and payloads of the mutations on clients and their secrets.
type (
	CreateClientInput       struct{ Name string }
	CreateClientPayload     struct{ Client pontage.Client }
	DisableClientInput      struct{ ID pontage.ClientID }
	DisableClientPayload    struct{ Client pontage.Client }
	EnableClientInput       struct{ ID pontage.ClientID }
	EnableClientPayload     struct{ Client pontage.Client }
	CreateClientSecretInput struct {
		ClientID  pontage.ClientID
		Label     string
		ExpiresAt *time.Time
	}
	CreateClientSecretPayload struct {
		ClientSecret pontage.UsedSecret
		Text         string
	}
	RevokeClientSecretInput   struct{ ID pontage.SecretID }
	RevokeClientSecretPayload struct{ ID pontage.SecretID }
)
