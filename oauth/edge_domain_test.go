package oauth_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// shopWindow is a client with a domain and what is needed to change it.
type shopWindow struct {
	*door
	by     pontage.Actor
	domain *pontage.Domain
	secret pontage.SecretID
}

func (w *world) shopWindow() *shopWindow {
	w.t.Helper()
	proved, err := w.partner.AuthenticateClient(w.t.Context(), w.client.ID, w.secret)
	must(w.t, err)
	s := &shopWindow{door: w.serve(), by: pontage.Actor{Kind: pontage.ActorAccount, AccountID: w.account.ID}, secret: proved.SecretID}
	s.domain = s.newDomain("shop.example")
	return s
}

func (s *shopWindow) newDomain(host string) *pontage.Domain {
	s.t.Helper()
	d, err := s.partner.CreateDomain(s.t.Context(), s.by, partner.DomainInput{ClientID: s.client.ID, Host: host})
	must(s.t, err)
	return d
}

func (s *shopWindow) link(d *pontage.Domain) {
	s.t.Helper()
	must(s.t, s.partner.LinkSecret(s.t.Context(), s.by, pontage.SecretDomain{SecretID: s.secret, DomainID: d.ID}))
}

// set changes the domain's settings behind all rules.
func (s *shopWindow) set(settings pontage.DomainSettings) {
	s.t.Helper()
	s.domain.DomainSettings = settings
	must(s.t, s.store.Write(s.t.Context(), func(tx pontage.Tx) error { return tx.UpdateDomain(s.t.Context(), *s.domain) }))
	s.partner.ForgetOwners()
}

// ask asks for a token with these headers.
func (s *shopWindow) ask(names ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	must(s.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(string(s.client.ID), s.world.secret)
	for _, name := range names {
		r.Header.Add("X-Client-Domain", name)
	}
	return s.do(r)
}

// mustCarry wants a token with this domain.
func (s *shopWindow) mustCarry(want pontage.DomainID, a answer) {
	s.t.Helper()
	if a.status != http.StatusOK {
		s.t.Fatalf("%d %s", a.status, a.text)
	}
	if got := s.bearerActor(a.body["access_token"].(string)).Bearer.DomainID; got != want {
		s.t.Errorf("the token carries %q, want %q", got, want)
	}
}

// A partner who names the site a token is for sees its calls there; what is not allowed is refused with the first reason that keeps it out.
func TestATokenCarriesTheDomainItIsAskedFor(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		s := w.shopWindow()
		elsewhere := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		refused := func(message string) {
			t.Helper()
			a := s.ask("shop.example")
			a.refused(t, http.StatusBadRequest, "invalid_request")
			if !strings.Contains(a.body["error_description"].(string), message) {
				t.Errorf("got %s, want %q", a.text, message)
			}
		}
		refused("This secret is not linked to the domain.")
		s.link(s.domain)
		for _, c := range []struct {
			settings pontage.DomainSettings
			message  string
		}{
			{pontage.DomainSettings{Servers: elsewhere}, "The domain is not active."},
			{pontage.DomainSettings{Servers: elsewhere, Active: true}, "The domain may not call APIs."},
			{pontage.DomainSettings{Servers: elsewhere, Active: true, AllowAPI: true}, "This address is none of the domain's servers."},
			{pontage.DomainSettings{Active: true, AllowAPI: true}, "A domain that is not for tests is used over HTTPS only."},
		} {
			s.set(c.settings)
			refused(c.message)
			s.mustCarry("", s.ask()) // what nobody named keeps nobody out
		}
		s.set(pontage.DomainSettings{Active: true, AllowAPI: true, TestMode: true})
		s.mustCarry(s.domain.ID, s.ask("Shop.Example"))
		s.mustCarry(s.domain.ID, s.ask(string(s.domain.ID)))
		s.mustCarry(s.domain.ID, s.ask())
		for _, allowed := range []bool{false, true} { // seen at once where it is changed
			_, err := s.partner.UpdateDomain(t.Context(), s.by, s.domain.ID, partner.DomainChange{AllowAPI: &allowed})
			must(t, err)
			s.mustCarry(map[bool]pontage.DomainID{true: s.domain.ID}[allowed], s.ask())
		}
		for _, name := range []string{"other.example", "dom_unknown", "https://shop.example", "a b"} {
			s.ask(name).refused(t, http.StatusBadRequest, "invalid_request")
		}
		s.ask("shop.example", "shop.example").refused(t, http.StatusBadRequest, "invalid_request")
		s.link(s.newDomain("second.example"))
		s.mustCarry("", s.ask()) // it could be either
		s.mustCarry(s.domain.ID, s.ask("shop.example"))
	})
}
