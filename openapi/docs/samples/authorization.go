package samples

import (
	"strings"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// authorization says how a sample shows who calls: a value of a variable of the environment in a header.
type authorization struct {
	// Kind is "basic" or "header".
	Kind string
	// Variable holds the credential, or the user name where Second holds the password.
	Variable, Second string
	// Header gets Prefix and the variable's value.
	Header, Prefix string
}

// The ways we know. The variables are the same in all samples of all documents.
var (
	basic   = &authorization{Kind: "basic", Variable: "PONTAGE_EMAIL", Second: "PONTAGE_KEY", Header: "Authorization"}
	bearer  = &authorization{Kind: "header", Variable: "PONTAGE_TOKEN", Header: "Authorization", Prefix: "Bearer "}
	refresh = &authorization{Kind: "header", Variable: "PONTAGE_REFRESH_TOKEN", Header: "Authorization", Prefix: "Bearer "}
)

// article names the way in the label of a sample.
func (a *authorization) article() string {
	switch a {
	case nil:
		return "no credentials"
	case basic:
		return "the account"
	case refresh:
		return "the refresh token"
	case bearer:
		return "a token"
	}
	return "an API key"
}

// authorizations are the ways an operation may be authenticated, in the document's order and each once; nil stands for none. There
// is at least one.
func authorizations(ref *reference.Reference, o reference.Operation) []*authorization {
	schemes := map[string]reference.Scheme{}
	for _, s := range ref.Schemes {
		schemes[s.Name] = s
	}
	var ways []*authorization
	known := map[string]bool{}
	for _, together := range o.Security {
		way := wayOf(together, schemes)
		if !known[way.article()] {
			known[way.article()] = true
			ways = append(ways, way)
		}
	}
	if len(ways) == 0 {
		ways = []*authorization{nil}
	}
	return ways
}

// wayOf shows the first scheme of a set: what goes together beyond that is for the reader to add.
func wayOf(together []string, schemes map[string]reference.Scheme) *authorization {
	for _, name := range together {
		s := schemes[name]
		switch {
		case s.Basic():
			return basic
		case s.Type == "apiKey" && s.In == "header" && plainName(s.Parameter):
			return &authorization{Kind: "header", Variable: "PONTAGE_API_KEY", Header: s.Parameter}
		case s.Bearer() && strings.HasPrefix(s.Name, "Refresh"):
			return refresh
		case s.Bearer(), s.Type == "oauth2", s.Type == "openIdConnect":
			return bearer
		}
	}
	return nil
}

// plainName says whether a text can be a header's name, and stand in a program as it is.
func plainName(name string) bool {
	for _, c := range []byte(name) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return name != ""
}
