package meter

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const (
	// pathEntry is where APIs are called by path instead of by host, as the gateway has it.
	pathEntry = "/apis/"
	// quoteAttempts bounds how often a quote starts anew because its token changes meanwhile.
	quoteAttempts = 3
)

// Question asks what a call would be decided now.
type Question struct {
	// Token would call.
	Token  pontage.TokenID
	Method string
	// URL names the call as a whole; Host and Path do where it is nil.
	URL, Host, Path *string
	// Address would call from; an invalid one is that of the actor.
	Address netip.Addr
}

// Advice is the answer to a Question.
type Advice struct {
	Attempt  pontage.Attempt
	Decision *pontage.Decision
}

// Advisor answers questions about calls: it finds what the gateway would find and asks for a quote.
type Advisor struct {
	Quotes interface {
		Quote(ctx context.Context, a pontage.Attempt) (*pontage.Decision, error)
		SeesWallet(ctx context.Context, by pontage.Actor, token *pontage.Admission) (bool, error)
	}
	Tokens interface {
		Facts(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*pontage.Admission, error)
	}
	Catalog interface {
		Match(method, host, rawPath string) (*pontage.Match, error)
		HasHost(host string) bool
		Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error)
	}
	Clock pontage.Clock
}

// Advise answers q for one of by's tokens, or of a client on which by has TokenRead; nothing is taken. Without WalletRead there, the answer is
// silent on what lies in the wallet. InvalidInput at "/url" for what names no call to an API, NotFound at
// "/token" for tokens of others.
func (a Advisor) Advise(ctx context.Context, by pontage.Actor, q Question) (*Advice, error) {
	host, path, err := a.target(q)
	if err != nil {
		return nil, err
	}
	attempt := pontage.Attempt{
		CallID: pontage.NewCallID(a.Clock.Now()), Method: strings.ToUpper(q.Method), Host: host, Address: by.Address, Hold: time.Minute,
	}
	if q.Address.IsValid() {
		attempt.Address = q.Address.Unmap().WithZone("")
	}
	if err := a.match(&attempt, path); err != nil {
		return nil, err
	}
	d, err := a.decide(ctx, by, q.Token, &attempt)
	if err != nil {
		return nil, err
	}
	return &Advice{Attempt: attempt, Decision: d}, nil
}

// target gives host and raw path, as the gateway would read them from the call.
func (a Advisor) target(q Question) (host, path string, err error) {
	switch {
	case q.URL != nil && q.Host == nil && q.Path == nil:
		scheme, rest, ok := strings.Cut(*q.URL, "://")
		if scheme = strings.ToLower(scheme); !ok || scheme != "https" && scheme != "http" {
			return "", "", pontage.E(pontage.InvalidInput, "The value must be a whole URL, such as https://company.example.com/IT-start/1.").At("/url")
		}
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			host, path = rest[:end], rest[end:]
		} else {
			host = rest
		}
	case q.URL == nil && q.Host != nil && q.Path != nil:
		host, path = *q.Host, *q.Path
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
func (a Advisor) match(attempt *pontage.Attempt, path string) error {
	match, err := a.Catalog.Match(attempt.Method, attempt.Host, path)
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
	attempt.Match, attempt.Host = match, match.API.Host
	return nil
}

// decide asks for the quote, with facts of the token that are as new as its answer.
func (a Advisor) decide(ctx context.Context, by pontage.Actor, token pontage.TokenID, attempt *pontage.Attempt) (*pontage.Decision, error) {
	for range quoteAttempts {
		facts, err := a.Tokens.Facts(ctx, by, token)
		switch pontage.CodeOf(err) {
		case "":
		case pontage.NotFound:
			return nil, pontage.E(pontage.NotFound, "Token not found").At("/token")
		case pontage.Unauthenticated: // its account or client is disabled
			return &pontage.Decision{Refusal: pontage.Public(err)}, nil
		default:
			return nil, err
		}
		attempt.Admission = *facts
		if attempt.Access, err = a.Catalog.Access(ctx, facts.AccountID); err != nil {
			return nil, err
		}
		d, err := a.Quotes.Quote(ctx, *attempt)
		if err == nil {
			err = a.hideWallet(ctx, by, facts, d)
		}
		if !errors.Is(err, ErrStale) {
			return d, err
		}
	}
	return nil, pontage.E(pontage.Unavailable, "The token is being changed. Try again.").After(time.Second)
}

// hideWallet takes out of d what by may not see.
func (a Advisor) hideWallet(ctx context.Context, by pontage.Actor, token *pontage.Admission, d *pontage.Decision) error {
	sees, err := a.Quotes.SeesWallet(ctx, by, token)
	if err == nil && !sees {
		hideWallet(d)
	}
	return err
}
