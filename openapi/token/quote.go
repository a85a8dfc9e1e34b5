package token

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

const (
	// pathEntry is where APIs are called by path instead of by host, as the gateway has it.
	pathEntry = "/apis/"
	// quoteAttempts bounds how often a quote starts anew because its token changes meanwhile.
	quoteAttempts = 3
)

// question is what a quote asks.
type question struct {
	token   pontage.TokenID
	attempt pontage.Attempt
}

// question reads what is asked and by which token.
func (a *api) question(r *http.Request) (*question, error) {
	in, err := openapi.Decode[generated.QuoteRequest](r)
	if err != nil {
		return nil, err
	}
	q := &question{}
	if q.token, err = a.quotedToken(openapi.Actor(r), in.Token); err != nil {
		return nil, err
	}
	host, path, err := a.quotedTarget(&in)
	if err != nil {
		return nil, err
	}
	q.attempt = pontage.Attempt{
		CallID: pontage.NewCallID(a.Config.Clock.Now()), Method: strings.ToUpper(in.Method), Host: host,
		Address: openapi.Actor(r).Address, Hold: time.Minute,
	}
	if in.Ip != nil && *in.Ip != "" {
		if q.attempt.Address, err = netip.ParseAddr(*in.Ip); err != nil {
			return nil, pontage.E(pontage.InvalidInput, "The value is no IP address.").At("/ip")
		}
		q.attempt.Address = q.attempt.Address.Unmap().WithZone("")
	}
	return q, a.match(q, path)
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

// quotedTarget gives host and raw path, as the gateway would read them from the call.
func (a *api) quotedTarget(in *generated.QuoteRequest) (host, path string, err error) {
	switch {
	case in.Url != nil && in.Host == nil && in.Path == nil:
		scheme, rest, ok := strings.Cut(*in.Url, "://")
		if scheme = strings.ToLower(scheme); !ok || scheme != "https" && scheme != "http" {
			return "", "", pontage.E(pontage.InvalidInput, "The value must be a whole URL, such as https://company.example.com/IT-start/1.").At("/url")
		}
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			host, path = rest[:end], rest[end:]
		} else {
			host = rest
		}
	case in.Url == nil && in.Host != nil && in.Path != nil:
		host, path = *in.Host, *in.Path
	default:
		return "", "", pontage.E(pontage.InvalidInput, "Name the call by its url, or by host and path.").At("/url")
	}
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if below, ok := strings.CutPrefix(path, pathEntry); ok && !a.Catalog.HasHost(host) {
		host, path, _ = strings.Cut(below, "/")
		path = "/" + path
	}
	return strings.ToLower(host), path, nil
}

// match finds the operation. That there is none is left to the decision, which looks at the token first.
func (a *api) match(q *question, path string) error {
	match, err := a.Catalog.Match(q.attempt.Method, q.attempt.Host, path)
	switch pontage.CodeOf(err) {
	case "":
	case pontage.OperationNotFound, pontage.MethodNotAllowed, pontage.NotFound:
		return nil
	default:
		return pontage.Public(err).At("/url")
	}
	if match.API.Platform {
		return pontage.E(pontage.InvalidInput, "The platform's own operations cost nothing; only calls to APIs are quoted.").At("/url")
	}
	q.attempt.Match, q.attempt.Host = match, match.API.Host
	return nil
}

// decision asks the meter, with facts of the token that are as new as its answer.
func (a *api) decision(r *http.Request, q *question) (*pontage.Decision, error) {
	by, ctx := openapi.Actor(r), r.Context()
	access, err := a.Catalog.Access(ctx, by.AccountID)
	if err != nil {
		return nil, err
	}
	q.attempt.Access = access
	for range quoteAttempts {
		facts, err := a.OAuth.Facts(ctx, by, q.token)
		switch pontage.CodeOf(err) {
		case "":
		case pontage.NotFound:
			return nil, pontage.E(pontage.NotFound, "Token not found").At("/token")
		case pontage.Unauthenticated: // its account or client is disabled
			return &pontage.Decision{Refusal: pontage.Public(err)}, nil
		default:
			return nil, err
		}
		q.attempt.Admission = *facts
		d, err := a.Meter.Quote(ctx, q.attempt)
		if !errors.Is(err, meter.ErrStale) {
			return d, err
		}
	}
	return nil, pontage.E(pontage.Unavailable, "The token is being changed. Try again.").After(time.Second)
}
