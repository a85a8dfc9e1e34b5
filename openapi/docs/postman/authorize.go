package postman

import (
	"strings"
)

// credential is a variable that the reader fills in.
type credential struct {
	name   string
	secret bool
}

func (c credential) kind() string {
	if c.secret {
		return "secret"
	}
	return "default"
}

// credentials are those that the document's schemes need, each once.
func (b *builder) credentials() (list []credential) {
	known := map[string]bool{}
	for _, s := range b.ref.Schemes {
		for _, c := range b.needs(s.Name) {
			if !known[c.name] {
				known[c.name] = true
				list = append(list, c)
			}
		}
	}
	return list
}

// needs are the credentials of one scheme.
func (b *builder) needs(scheme string) []credential {
	switch s := b.schemes[scheme]; {
	case s.Basic():
		return []credential{{"email", false}, {"key", true}}
	case s.Bearer() && strings.HasPrefix(s.Name, "Refresh"):
		return []credential{{"refreshToken", true}}
	case s.Bearer(), s.Type == "oauth2", s.Type == "openIdConnect":
		return []credential{{"token", true}}
	case s.Type == "apiKey":
		return []credential{{"apiKey", true}}
	}
	return nil
}

// auth says how a request with that scheme is authenticated.
func (b *builder) auth(scheme string) *auth {
	needs := b.needs(scheme)
	s := b.schemes[scheme]
	switch {
	case len(needs) == 2:
		return &auth{Type: "basic", Basic: []variable{{Key: "username", Value: "{{" + needs[0].name + "}}", Type: "string"},
			{Key: "password", Value: "{{" + needs[1].name + "}}", Type: "string"}}}
	case len(needs) == 0 || s.Type == "apiKey" && s.In == "cookie":
		return &auth{Type: "noauth"}
	case s.Type == "apiKey":
		return &auth{Type: "apikey", APIKey: []variable{{Key: "key", Value: s.Parameter, Type: "string"},
			{Key: "value", Value: "{{" + needs[0].name + "}}", Type: "string"}, {Key: "in", Value: s.In, Type: "string"}}}
	}
	return &auth{Type: "bearer", Bearer: []variable{{Key: "token", Value: "{{" + needs[0].name + "}}", Type: "string"}}}
}
