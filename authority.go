package pontage

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Authority is what somebody may do on a client.
type Authority struct {
	Client Client
	// Member and Role are nil for the operator and for the client's own account, who may everything.
	Member *Member
	Role   *Role
}

// AuthorityReader is what Authorize reads.
type AuthorityReader interface {
	Client(ctx context.Context, id ClientID) (*Client, error)
	// Membership gives a user's membership of a client with its role; NotFound where there is none.
	Membership(ctx context.Context, client ClientID, user UserID) (*Member, *Role, error)
}

var (
	errNoClient     = E(NotFound, "Not Found")
	errNoPermission = E(Forbidden, "Your role on this client does not allow this.")
)

// Authorize decides whether by may do p on a client at now; every rule about clients asks it. The operator and the client's own account,
// by its API key or its user, may everything; members what their role holds. NotFound for everybody else, for a membership or role that
// ended, for members while the client's account is disabled, and for clients that are deleted or unknown; Forbidden for a member whose role lacks p. Without p it asks for any part in the client.
func Authorize(ctx context.Context, r AuthorityReader, by Actor, client ClientID, p Permission, now time.Time) (*Authority, error) {
	c, err := r.Client(ctx, client)
	if CodeOf(err) == NotFound || err == nil && !c.DeletedAt.IsZero() {
		return nil, errNoClient
	}
	if err != nil {
		return nil, err
	}
	a := &Authority{Client: *c}
	if by.Manages(c.AccountID) {
		return a, nil
	}
	if !by.canJoin() {
		return nil, errNoClient
	}
	member, role, err := r.Membership(ctx, client, by.UserID)
	if err != nil && CodeOf(err) != NotFound {
		return nil, err
	}
	if err != nil || !a.join(member, role, now) {
		return nil, errNoClient
	}
	if err := a.Require(p); err != nil {
		return nil, err
	}
	return a, nil
}

// canJoin says whether an actor can be a member at all.
func (a Actor) canJoin() bool { return a.Kind == ActorUser && a.UserID != "" }

// join makes a the authority of a member; false where membership or role ended, or the client's account is disabled.
func (a *Authority) join(m *Member, r *Role, now time.Time) bool {
	a.Member, a.Role = m, r
	return !m.Closed && m.Status(now) == MemberActive && r.Live(now)
}

// AuthoritiesReader is what Authorities reads.
type AuthoritiesReader interface {
	ClientsByID(ctx context.Context, ids []ClientID) ([]Client, error)
	MembershipsOn(ctx context.Context, user UserID, clients []ClientID) ([]Membership, error)
}

// Authorities is Authorize for several clients at once: what by may do on each; those that Authorize would not find are left out. It reads
// twice at most, and once where all belong to by's account.
func Authorities(ctx context.Context, r AuthoritiesReader, by Actor, clients []ClientID, now time.Time) (map[ClientID]*Authority, error) {
	all, err := r.ClientsByID(ctx, clients)
	if err != nil {
		return nil, err
	}
	found := make(map[ClientID]*Authority, len(all))
	others := map[ClientID]*Authority{}
	for _, c := range all {
		switch {
		case !c.DeletedAt.IsZero():
		case by.Manages(c.AccountID):
			found[c.ID] = &Authority{Client: c}
		default:
			others[c.ID] = &Authority{Client: c}
		}
	}
	if len(others) == 0 || !by.canJoin() {
		return found, nil
	}
	joined, err := r.MembershipsOn(ctx, by.UserID, slices.Sorted(maps.Keys(others)))
	for i := range joined {
		if a := others[joined[i].Member.ClientID]; a.join(&joined[i].Member, &joined[i].Role, now) {
			found[a.Client.ID] = a
		}
	}
	return found, err
}

// Require refuses what it does not hold: Forbidden. Every member holds the empty permission.
func (a *Authority) Require(p Permission) error {
	if p != "" && !a.Holds(p) {
		return errNoPermission
	}
	return nil
}

// Level is how high it stands.
func (a *Authority) Level() int {
	if a.Role == nil {
		return MaxLevel
	}
	return a.Role.Level
}

// Holds says whether it has a permission.
func (a *Authority) Holds(p Permission) bool { return a.Role == nil || a.Role.Holds(p) }

// Held lists what it holds.
func (a *Authority) Held() []Permission {
	return slices.DeleteFunc(Permissions(), func(p Permission) bool { return !a.Holds(p) })
}

// Covers refuses a role that stands higher or holds more: Forbidden.
func (a *Authority) Covers(r Role) error {
	if err := a.Reaches(r); err != nil {
		return err
	}
	for _, p := range r.Permissions {
		if !a.Holds(p) {
			return E(Forbidden, "You cannot give the permission %s: your own role does not hold it.", p)
		}
	}
	return nil
}

// Reaches refuses a role that stands higher: Forbidden.
func (a *Authority) Reaches(r Role) error {
	if r.Level > a.Level() {
		return E(Forbidden, "The role %q stands above yours.", r.Name)
	}
	return nil
}
