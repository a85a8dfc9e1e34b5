package prove_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/pontage/pontage"
)

// limitStep is how many calls each change of a limit adds.
const limitStep = 20

// slot holds a token that changes all the time.
type slot struct {
	now, last atomic.Pointer[bearer]
	change    func(*slot)
	// gate grows with every change of the limit; it is odd while the limit is known to be zero.
	gate    atomic.Int64
	limited bool
	limit   int64
	refresh string
	// lineages are all tokens the slot ever held; changes counts what was done to them.
	lineages []*lineage
	changes  int
}

// lineage counts what clients were told of one token through its rotations.
type lineage struct {
	token         pontage.TokenID
	paid, refused atomic.Int64
}

// bearer is one text that may be presented. It is dying once its end was asked for, dead once that was acknowledged.
type bearer struct {
	text        string
	lineage     *lineage
	dying, dead atomic.Bool
}

// pick gives the slot's bearer, or one time in four the one before it.
func (s *slot) pick() *bearer {
	if b := s.last.Load(); b != nil && rand.IntN(4) == 0 {
		return b
	}
	return s.now.Load()
}

func (c *churn) newSlot(change func(*slot)) *slot {
	s := &slot{change: change}
	c.newToken(s)
	return s
}

func (c *churn) newLimitedSlot() *slot {
	s := c.newSlot(c.limit)
	s.limited = true
	c.setLimit(s, limitStep)
	return s
}

// made is what the platform answers where a bearer is shown.
type made struct{ Token, RefreshToken string }

func (c *churn) newToken(s *slot) {
	var m made
	c.data(c.platform(http.MethodPost, c.url()+"/tokens", "", `{"scopes":["*:`+apiHost+`/*"]}`), &m)
	l := &lineage{}
	s.lineages = append(s.lineages, l)
	c.show(s, m, l)
}

// show hands a new bearer to the clients.
func (c *churn) show(s *slot, m made, l *lineage) {
	if l.token, s.refresh = tokenID(m.Token), m.RefreshToken; l.token == "" || s.refresh == "" {
		c.t.Fatal("no pair was shown")
	}
	s.last.Store(s.now.Load())
	s.now.Store(&bearer{text: m.Token, lineage: l})
}

// tokenID is the public part of a bearer, pt_live_<id>_<secret>.
func tokenID(text string) pontage.TokenID {
	parts := strings.Split(text, "_")
	if len(parts) != 4 || !pontage.TokenID(parts[2]).Valid() {
		return ""
	}
	return pontage.TokenID(parts[2])
}

// rotate exchanges the slot's pair.
func (c *churn) rotate(s *slot) {
	old := s.now.Load()
	old.dying.Store(true)
	var m made
	c.data(c.platform(http.MethodPatch, c.url()+"/tokens/"+string(old.lineage.token), s.refresh, ""), &m)
	old.dead.Store(true)
	s.changes++
	c.show(s, m, old.lineage)
}

// revoke ends the slot's token and makes another one.
func (c *churn) revoke(s *slot) {
	old := s.now.Load()
	old.dying.Store(true)
	c.data(c.platform(http.MethodDelete, c.url()+"/tokens/"+string(old.lineage.token), "", ""), nil)
	old.dead.Store(true)
	s.changes++
	c.newToken(s)
}

// limit changes the slot's limit, to zero every third time, and rotates its token every fourth.
func (c *churn) limit(s *slot) {
	switch s.changes++; {
	case s.changes%4 == 0:
		c.rotate(s)
	case s.changes%3 == 0:
		c.patchLimit(s, 0)
		s.gate.Add(1)
	default:
		c.setLimit(s, s.limit+limitStep)
	}
}

// setLimit raises the limit; from before it is asked for, calls may be paid.
func (c *churn) setLimit(s *slot, to int64) {
	if gate := s.gate.Load(); gate%2 == 1 {
		s.gate.Add(1)
	}
	s.limit = to
	c.patchLimit(s, to)
}

func (c *churn) patchLimit(s *slot, to int64) {
	c.data(c.platform(http.MethodPatch, c.url()+"/tokens/"+string(s.now.Load().lineage.token), "", fmt.Sprintf(`{"limits":{"totalRequests":%d}}`, to)), nil)
}
