package oauth

import (
	"context"
	"net/netip"
	"time"

	"github.com/pontage/pontage"
)

// facts are what never changes about one bearer at one version of its lineage.
type facts struct {
	keyID     string
	hash      []byte
	admission pontage.Admission
}

// Admit says what is known of a bearer: nothing is read for a text whose prefix or MAC is wrong, nothing for a bearer in the cache;
// otherwise its row, and the first time a scope set is met, that set. The result is shared: it must not be changed. It does not say
// that the token is still good, or that its account and client are not disabled: the meter does, on the rows it reads in the batch.
// Unauthenticated, TokenRevoked or TokenExpired where it is known not to be; Unavailable.
func (s *Service) Admit(ctx context.Context, bearer string) (*pontage.Admission, error) {
	id, ok := s.bearerID(bearer)
	if !ok {
		return nil, errUnauthorized
	}
	if f, ok := s.admitted.Get(id); ok {
		if !s.credentials.Keys.Matches(bearer, f.keyID, f.hash) {
			return nil, errUnauthorized
		}
		return &f.admission, nil
	}
	return s.admitRow(ctx, id, bearer)
}

// Readmit is Admit past the cache, for when the meter found the facts to be old.
func (s *Service) Readmit(ctx context.Context, bearer string) (*pontage.Admission, error) {
	id, ok := s.bearerID(bearer)
	if !ok {
		return nil, errUnauthorized
	}
	s.admitted.Remove(id)
	return s.admitRow(ctx, id, bearer)
}

func (s *Service) admitRow(ctx context.Context, id pontage.TokenID, bearer string) (*pontage.Admission, error) {
	p, err := s.store.Presented(ctx, id)
	if err = s.live(p, err, bearer); err != nil {
		return nil, err
	}
	token, l := &p.Token, &p.Lineage
	set, err := s.scopeSet(ctx, s.store, l.ScopeSetID, true)
	if err != nil {
		return nil, err
	}
	f := &facts{keyID: token.KeyID, hash: token.Hash, admission: pontage.Admission{
		TokenID: id, LineageID: l.ID, AccountID: l.AccountID, ClientID: l.ClientID, Version: l.Version, Scopes: set.members,
	}}
	// An older read that comes late must not hide newer facts; the meter would notice, at the price of one more read.
	if known, ok := s.admitted.Peek(id); !ok || known.admission.Version <= l.Version {
		s.admitted.Add(id, f)
	}
	return &f.admission, nil
}

// live says why the bearer, whose rows were read as p unless err says why not, is not good now.
func (s *Service) live(p *pontage.Presented, err error, bearer string) error {
	switch {
	case pontage.CodeOf(err) == pontage.NotFound:
		return errUnauthorized
	case err != nil:
		return err
	case !s.credentials.Keys.Matches(bearer, p.Token.KeyID, p.Token.Hash):
		return errUnauthorized
	}
	return alive(&p.Lineage, p.Token.ID, s.clock.Now())
}

// alive says why the bearer id of l is no longer good, or nil.
func alive(l *pontage.Lineage, id pontage.TokenID, now time.Time) error {
	switch {
	case !l.RevokedAt.IsZero():
		return errRevoked
	case l.TokenID != id:
		return errReplaced
	case !now.Before(l.ExpiresAt):
		return errExpired
	}
	return nil
}

// Supposed is why a bearer would be refused if the fact were true of its token: Unauthenticated, TokenRevoked, TokenExpired, or nil.
func (s *Service) Supposed(fact pontage.Fact) error {
	if fact == "" {
		return nil
	}
	now := s.clock.Now()
	l := fact.Token(&pontage.Lineage{ExpiresAt: now.Add(time.Hour)}, netip.Addr{}, now)
	if l == nil {
		return errUnauthorized
	}
	return alive(l, l.TokenID, now)
}

// Authenticate proves a bearer for the platform's own operations. It always reads the row, so a revocation is seen at once; a
// disabled account is Unauthenticated. The caller checks the scope against the members, and the address against lineage.Limits.IP.
func (s *Service) Authenticate(ctx context.Context, bearer string) (pontage.Actor, *pontage.Lineage, pontage.ScopeMembers, error) {
	p, err := s.present(bearer, func(id pontage.TokenID) (*pontage.Presented, error) { return s.store.Presented(ctx, id) })
	if err != nil {
		return pontage.Actor{}, nil, nil, err
	}
	l := &p.Lineage
	set, err := s.scopeSet(ctx, s.store, l.ScopeSetID, true)
	if err != nil {
		return pontage.Actor{}, nil, nil, err
	}
	by := pontage.Actor{Kind: pontage.ActorToken, AccountID: l.AccountID, ClientID: l.ClientID, Bearer: l}
	return by, l, set.members, nil
}

// present gives a bearer's rows, which read finds: it is good now, and neither its account nor its client is disabled.
func (s *Service) present(bearer string, read func(pontage.TokenID) (*pontage.Presented, error)) (*pontage.Presented, error) {
	id, ok := s.bearerID(bearer)
	if !ok {
		return nil, errUnauthorized
	}
	p, err := read(id)
	if err = s.live(p, err, bearer); err == nil && p.Disabled {
		err = errUnauthorized
	}
	return p, err
}
