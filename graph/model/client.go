package model

import (
	"github.com/pontage/pontage"
)

// The pages of clients.
type (
	ClientConnection = Connection[pontage.Client]
	ClientEdge       = Edge[pontage.Client]
)

// ClientFilter says which clients a list shows; nil fields do not narrow it.
type ClientFilter struct {
	Active *bool
	Name   *string
}

// CreateClientInput and its siblings are the inputs and payloads of the mutations on clients.
type (
	CreateClientInput   struct{ Name string }
	CreateClientPayload struct {
		Client       pontage.Client
		ClientSecret pontage.UsedSecret
		SecretText   string
	}
	RenameClientInput struct {
		ID   pontage.ClientID
		Name string
	}
	RenameClientPayload  struct{ Client pontage.Client }
	DisableClientInput   struct{ ID pontage.ClientID }
	DisableClientPayload struct{ Client pontage.Client }
	EnableClientInput    struct{ ID pontage.ClientID }
	EnableClientPayload  struct{ Client pontage.Client }
	DeleteClientInput    struct {
		ID           pontage.ClientID
		Confirmation string
	}
	DeleteClientPayload struct{ ID pontage.ClientID }
)
