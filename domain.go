package pontage

import (
	"net/netip"
	"time"
)

// Domain is where a site of a client lives.
type Domain struct {
	ID       DomainID
	ClientID ClientID
	// Host is in ASCII and lower case, without protocol and port.
	Host string
	// Primary marks a client's main domain; there is at most one.
	Primary bool
	DomainSettings
	// Proof is what the owner shows to prove that the host is theirs; ProvenBy says how they did, VerifiedAt is zero until then.
	Proof      string
	ProvenBy   ProofMethod
	VerifiedAt time.Time
	// LogoDigest names the logo's bytes, empty for none.
	LogoDigest string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// DomainSettings are what its owner chooses for a domain.
type DomainSettings struct {
	// Name is what the owner calls it; it may be empty.
	Name string `json:"name,omitempty"`
	// Servers are the addresses that may call with this domain; none means any.
	Servers []netip.Prefix `json:"servers,omitempty"`
	// RedirectURI is where people go after a sign-in, FallbackURI where they go if it fails, FallbackResponse what they read where there is none.
	RedirectURI      string `json:"redirectUri,omitempty"`
	FallbackURI      string `json:"fallbackUri,omitempty"`
	FallbackResponse string `json:"fallbackResponse,omitempty"`
	// AllowLogin lets people sign in from it, AllowAPI lets it call APIs; neither does anything while it is not Active.
	AllowLogin bool `json:"allowLogin,omitempty"`
	AllowAPI   bool `json:"allowApi,omitempty"`
	Active     bool `json:"active,omitempty"`
	// TestMode marks a domain that is not live: it may be localhost and speak plain HTTP.
	TestMode bool `json:"testMode,omitempty"`
}

// DomainFilter says which domains a list shows; what is nil or empty does not narrow it.
type DomainFilter struct {
	// Active, TestMode, Primary and Verified find those that are, or those that are not.
	Active, TestMode, Primary, Verified *bool
	// Host is a part of the host in ASCII and lower case.
	Host string
}

// ProofMethod is a way to prove that a host is one's own.
type ProofMethod string

// The ways.
const (
	ProofDNS  ProofMethod = "dns"  // a TXT record
	ProofFile ProofMethod = "file" // a well-known file
)

// DomainURLKind says what an URL of a domain is for.
type DomainURLKind string

// The kinds.
const (
	URLCallback DomainURLKind = "callback" // where people come back to
	URLWebhook  DomainURLKind = "webhook"  // where events go
)

// DomainURL is an address of a domain that is used exactly as it is written, and only while it is active.
type DomainURL struct {
	ID DomainURLID
	// ClientID is the domain's client.
	ClientID  ClientID
	DomainID  DomainID
	Kind      DomainURLKind
	URL       string
	Active    bool
	CreatedAt time.Time
}

// SecretDomain says that a secret is good for a domain.
type SecretDomain struct {
	SecretID SecretID
	DomainID DomainID
}

// DomainClaim is what a client's request says of the domain it comes from: a host or an id, or nothing, and where the request really came from.
type DomainClaim struct {
	Name    string
	Address netip.Addr
	// Secure says whether it came over HTTPS.
	Secure bool
}

// LinkedDomain is a domain that a secret is good for.
type LinkedDomain struct {
	SecretID SecretID
	Domain
}
