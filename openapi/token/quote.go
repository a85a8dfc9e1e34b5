package token

import (
	"net/http"
	"net/netip"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// advise reads what is asked and by which token, and answers it.
func (a *api) advise(r *http.Request) (pontage.TokenID, *meter.Advice, error) {
	in, err := openapi.Decode[generated.QuoteRequest](r)
	if err != nil {
		return "", nil, err
	}
	by := openapi.Actor(r)
	q := meter.Question{Method: in.Method, URL: in.Url, Host: in.Host, Path: in.Path}
	if q.Token, err = a.quotedToken(by, in.Token); err != nil {
		return "", nil, err
	}
	if in.Ip != nil && *in.Ip != "" {
		if q.Address, err = netip.ParseAddr(*in.Ip); err != nil {
			return "", nil, pontage.E(pontage.InvalidInput, "The value is no IP address.").At("/ip")
		}
	}
	advisor := meter.Advisor{Quotes: a.Meter, Tokens: a.OAuth, Catalog: a.Catalog, Clock: a.Config.Clock}
	advice, err := advisor.Advise(r.Context(), by, q)
	return q.Token, advice, err
}

// quotedToken is the one that is named, else the asking token itself.
func (a *api) quotedToken(by pontage.Actor, named *string) (pontage.TokenID, error) {
	switch {
	case named != nil:
		return a.reference(*named, "/token")
	case by.Kind == pontage.ActorToken:
		return by.Bearer.TokenID, nil
	}
	return "", pontage.E(pontage.InvalidInput, "Say which token would call.").At("/token")
}
