package model

import (
	"net/netip"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
)

// The pages of domains.
type (
	DomainConnection = Connection[pontage.Domain]
	DomainEdge       = Edge[pontage.Domain]
)

// DomainFilter says which domains a list shows; nil fields do not narrow it.
type DomainFilter struct {
	Host                                *string
	Active, TestMode, Primary, Verified *bool
}

// DomainProof is what the owner of a host shows.
type DomainProof struct{ RecordName, FileURL, Value string }

// CreateDomainInput and its siblings are the inputs and payloads of the mutations on domains.
type (
	CreateDomainInput struct {
		ClientID                                        pontage.ClientID
		Host, Name, FallbackResponse                    string
		Primary, Active, AllowLogin, AllowAPI, TestMode bool
		Servers                                         []netip.Prefix
		RedirectURI, FallbackURI                        *string
	}
	CreateDomainPayload struct{ Domain pontage.Domain }
	UpdateDomainInput   struct {
		ID                                               pontage.DomainID
		Name, RedirectURI, FallbackURI, FallbackResponse graphql.Omittable[*string]
		Servers                                          graphql.Omittable[[]netip.Prefix]
		Primary, Active, AllowLogin, AllowAPI, TestMode  *bool
	}
	UpdateDomainPayload struct{ Domain pontage.Domain }
	DeleteDomainInput   struct{ ID pontage.DomainID }
	DeleteDomainPayload struct{ ID pontage.DomainID }
	VerifyDomainInput   struct {
		ID     pontage.DomainID
		Method pontage.ProofMethod
	}
	VerifyDomainPayload struct{ Domain pontage.Domain }
	SetDomainLogoInput  struct {
		ID   pontage.DomainID
		Logo []byte
	}
	SetDomainLogoPayload    struct{ Domain pontage.Domain }
	RemoveDomainLogoInput   struct{ ID pontage.DomainID }
	RemoveDomainLogoPayload struct{ Domain pontage.Domain }
)

// AddDomainURLInput and its siblings are the inputs and payloads of the mutations on a domain's URLs and linked secrets.
type (
	AddDomainURLInput struct {
		DomainID pontage.DomainID
		Kind     pontage.DomainURLKind
		URL      string
	}
	AddDomainURLPayload     struct{ DomainURL pontage.DomainURL }
	SetDomainURLActiveInput struct {
		ID     pontage.DomainURLID
		Active bool
	}
	SetDomainURLActivePayload struct{ DomainURL pontage.DomainURL }
	RemoveDomainURLInput      struct{ ID pontage.DomainURLID }
	RemoveDomainURLPayload    struct{ ID pontage.DomainURLID }
	LinkClientSecretInput     struct {
		SecretID pontage.SecretID
		DomainID pontage.DomainID
	}
	LinkClientSecretPayload   = LinkClientSecretInput
	UnlinkClientSecretInput   = LinkClientSecretInput
	UnlinkClientSecretPayload = LinkClientSecretPayload
)
