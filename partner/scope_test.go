package partner_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// Offered makes a world its own catalogue: an open scope, a restricted one, one without a price, and another open one.
func (w *world) Offered(context.Context, pontage.AccountID) ([]partner.OfferedScope, error) {
	price := pontage.Money(1)
	return []partner.OfferedScope{
		{Scope: &pontage.Scope{ID: "sco_open", Name: "GET:a/x", Enabled: true, Price: &price, Requirements: []string{"kyc", "age"}}, Open: true},
		{Scope: &pontage.Scope{ID: "sco_restricted", Name: "GET:a/y", Enabled: true, Price: &price, Restricted: true}},
		{Scope: &pontage.Scope{ID: "sco_free", Name: "GET:a/z", Enabled: true}},
		{Scope: &pontage.Scope{ID: "sco_more", Name: "GET:b/x", Enabled: true, Price: &price}, Open: true},
	}, nil
}

// Access says what every account fulfils.
func (w *world) Access(context.Context, pontage.AccountID) (pontage.AccountAccess, error) {
	return pontage.AccountAccess{Requirements: []string{"kyc"}}, nil
}

// A partner sees what a client has, what it could have, and why it cannot have the rest.
func TestAClientChoosesItsScopes(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		states := func(id pontage.ClientID) string {
			t.Helper()
			all, err := w.Scopes(t.Context(), w.by(), id)
			must(t, err)
			var text []string
			for _, s := range all {
				text = append(text, string(s.State))
				if (s.Reason != "") != (s.State == partner.ScopeRefused) {
					t.Errorf("%+v", s)
				}
			}
			if !all[0].Requirements["kyc"] || all[0].Requirements["age"] || len(all[0].Requirements) != 2 {
				t.Errorf("%+v", all[0].Requirements)
			}
			return strings.Join(text, " ")
		}
		set := func(id pontage.ClientID, scope pontage.ScopeID, enabled bool, code pontage.Code) {
			t.Helper()
			before := w.told
			_, err := w.SetScope(t.Context(), w.by(), id, scope, enabled)
			if err == nil && w.told == before {
				t.Error("whoever remembers the scopes of clients is not told")
			}
			wantCode(t, err, code, "")
			if code == pontage.ScopeDisabled && !strings.Contains(pontage.Public(err).Message, "restricted") && scope == "sco_restricted" {
				t.Errorf("no reason: %v", err)
			}
		}
		if got := states(c.ID); got != "enabled refused refused enabled" {
			t.Errorf("before any choice: %s", got)
		}
		set(c.ID, "sco_none", true, pontage.NotFound)
		set(c.ID, "sco_restricted", true, pontage.ScopeDisabled)
		set(c.ID, "sco_free", true, pontage.ScopeDisabled)
		set(c.ID, "sco_more", false, "")
		if got := states(c.ID); got != "enabled refused refused disabled" {
			t.Errorf("one disabled: %s", got)
		}
		set(c.ID, "sco_open", false, "")
		if got := states(c.ID); got != "disabled refused refused disabled" {
			t.Errorf("all disabled: %s", got)
		}
		other, _ := w.newClient(t, partner.SecretInput{})
		set(other.ID, "sco_more", true, "")
		if got := states(other.ID); got != "disabled refused refused enabled" {
			t.Errorf("one enabled: %s", got)
		}
	})
}
