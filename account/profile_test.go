package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// What a person tells of themselves is kept as the standards write it, and anything else is refused with its place.
func TestTheProfileIsCheckedFieldByField(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		_, u := w.ann(t)
		by, _ := w.as(t)
		full := pontage.Profile{Name: "Ann Ü.", GivenName: "Ann", FamilyName: "Ü", Phone: "+31 (0)20 123-4567", SecondEmail: "ann@example.org", Gender: "f", BirthDate: "1990-02-28",
			Country: "nld", Locale: "NL-be", TimeZone: "Europe/Amsterdam", Picture: "https://example.com/a.png",
			Socials: []pontage.SocialProfile{{Platform: "x", Username: "ann", URL: "https://x.example/ann"}}}
		got, err := w.ChangeProfile(t.Context(), by, full)
		must(t, err)
		if p := got.Profile; p.Country != "NL" || p.Locale != "nl-BE" || p.BirthDate != full.BirthDate || got.Password != "" {
			t.Errorf("kept %+v", got)
		}
		me, err := w.Me(t.Context(), by)
		must(t, err)
		if me.ID != u.ID || me.Profile.Name != "Ann Ü." || me.Profile.Socials[0] != full.Socials[0] || me.Password != "" || me.Email != annEmail {
			t.Errorf("me %+v", me)
		}
		if _, err := w.login(t, annEmail, right); err != nil {
			t.Errorf("the password is gone: %v", err)
		}
		for field, change := range map[string]func(*pontage.Profile){
			"/name":        func(p *pontage.Profile) { p.Name = "a\x00" },
			"/givenName":   func(p *pontage.Profile) { p.GivenName = strings.Repeat("a", 201) },
			"/phone":       func(p *pontage.Profile) { p.Phone = "call me" },
			"/secondEmail": func(p *pontage.Profile) { p.SecondEmail = "a b@c.d" },
			"/birthDate":   func(p *pontage.Profile) { p.BirthDate = "1990-02-30" },
			"/country":     func(p *pontage.Profile) { p.Country = "XX" },
			"/locale":      func(p *pontage.Profile) { p.Locale = "klingon?" },
			"/timeZone":    func(p *pontage.Profile) { p.TimeZone = "../etc/passwd" },
			"/picture":     func(p *pontage.Profile) { p.Picture = "javascript:alert(1)" },
			"/socials":     func(p *pontage.Profile) { p.Socials = []pontage.SocialProfile{{Platform: "x", URL: "http://x"}} },
		} {
			bad := full
			change(&bad)
			_, err := w.ChangeProfile(t.Context(), by, bad)
			wantCode(t, err, pontage.InvalidInput, field)
		}
		for _, c := range []struct{ country, field string }{{"UK1", "/country"}, {"528", "/country"}, {"EU", "/country"}, {"N", "/country"}, {"zz", "/country"}} {
			_, err := w.ChangeProfile(t.Context(), by, pontage.Profile{Country: c.country})
			wantCode(t, err, pontage.InvalidInput, c.field)
		}
		_, err = w.ChangeProfile(t.Context(), by, pontage.Profile{BirthDate: "2026-11-21"})
		wantCode(t, err, pontage.InvalidInput, "/birthDate")
		_, err = w.ChangeProfile(t.Context(), home, full)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.Me(t.Context(), pontage.Operator())
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.ChangeProfile(t.Context(), by, pontage.Profile{})
		must(t, err)
		entries, err := w.AuditLog(t.Context(), by, pontage.AuditQuery{AccountID: by.AccountID, Action: "user.change_profile", Page: pontage.Keyset{Limit: 9}})
		must(t, err)
		if len(entries) != 2 || !strings.Contains(entries[1].After["fields"], "phone, secondEmail, gender, birthDate") || strings.Contains(fmt.Sprint(entries), "+31") {
			t.Errorf("log %+v", entries)
		}
	})
}

// Of each kind of address one is the default, whatever is added, changed or removed.
func TestOneAddressOfAKindIsTheDefault(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		by, _ := w.as(t)
		add := func(kind pontage.AddressKind, wanted bool) *pontage.PostalAddress {
			w.clock.Advance(time.Second)
			a, err := w.AddAddress(t.Context(), by, account.AddressInput{Default: wanted, PostalFields: pontage.PostalFields{Kind: kind, City: "Utrecht", Country: "NLD"}})
			must(t, err)
			return a
		}
		defaults := func() (all []pontage.AddressID) {
			list, err := w.Addresses(t.Context(), by, pontage.PostalFilter{}, pontage.Keyset{Limit: 50})
			must(t, err)
			for _, a := range list {
				if a.Default {
					all = append(all, a.ID)
				}
			}
			return all
		}
		same := func(want ...pontage.AddressID) {
			t.Helper()
			if got := defaults(); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("defaults %v, want %v", got, want)
			}
		}
		first := add(pontage.AddressBilling, false)
		if first.Country != "NL" {
			t.Errorf("country %q", first.Country)
		}
		second := add(pontage.AddressBilling, false)
		shipping := add(pontage.AddressShipping, false)
		same(shipping.ID, first.ID)
		third := add(pontage.AddressBilling, true)
		same(third.ID, shipping.ID)
		_, err := w.ChangeAddress(t.Context(), by, second.ID, account.AddressInput{Default: true, PostalFields: second.PostalFields})
		must(t, err)
		same(shipping.ID, second.ID)
		_, err = w.ChangeAddress(t.Context(), by, second.ID, account.AddressInput{PostalFields: second.PostalFields})
		must(t, err) // there is no other default, so it stays
		same(shipping.ID, second.ID)
		must(t, w.RemoveAddress(t.Context(), by, second.ID))
		same(third.ID, shipping.ID)
		wantCode(t, w.RemoveAddress(t.Context(), by, second.ID), pontage.NotFound, "")
		for range 50 - 3 {
			add(pontage.AddressMailing, false)
		}
		_, err = w.AddAddress(t.Context(), by, account.AddressInput{PostalFields: pontage.PostalFields{Kind: pontage.AddressMailing, Country: "NL"}})
		wantCode(t, err, pontage.LimitExhausted, "")
	})
}

func TestAddressesAreCheckedAndBelongToTheirUser(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		by, _ := w.as(t)
		good := pontage.PostalFields{Kind: pontage.AddressBilling, Country: "DE"}
		mine, err := w.AddAddress(t.Context(), by, account.AddressInput{PostalFields: good})
		must(t, err)
		for field, change := range map[string]func(*pontage.PostalFields){
			"/kind": func(f *pontage.PostalFields) { f.Kind = "holiday" }, "/country": func(f *pontage.PostalFields) { f.Country = "" },
			"/city": func(f *pontage.PostalFields) { f.City = "a\nb" }, "/email": func(f *pontage.PostalFields) { f.Email = "x" },
			"/phone": func(f *pontage.PostalFields) { f.Phone = "x" }, "/taxNumber": func(f *pontage.PostalFields) { f.TaxNumber = strings.Repeat("1", 201) },
		} {
			bad := good
			change(&bad)
			_, err := w.AddAddress(t.Context(), by, account.AddressInput{PostalFields: bad})
			wantCode(t, err, pontage.InvalidInput, field)
			_, err = w.ChangeAddress(t.Context(), by, mine.ID, account.AddressInput{PostalFields: bad})
			wantCode(t, err, pontage.InvalidInput, field)
		}
		bob := w.bob(t)
		_, err = w.ChangeAddress(t.Context(), bob, mine.ID, account.AddressInput{PostalFields: good})
		wantCode(t, err, pontage.NotFound, "")
		wantCode(t, w.RemoveAddress(t.Context(), bob, mine.ID), pontage.NotFound, "")
		wantCode(t, w.RemoveAddress(t.Context(), home, mine.ID), pontage.Unauthenticated, "")
		if all, err := w.Addresses(t.Context(), bob, pontage.PostalFilter{}, pontage.Keyset{Limit: 5}); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// bob is somebody else, logged in.
func (w *world) bob(t *testing.T) pontage.Actor {
	t.Helper()
	a, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "bob@example.com"})
	must(t, err)
	_, err = w.SetPassword(t.Context(), pontage.Operator(), a.ID, right)
	must(t, err)
	s, err := w.login(t, "bob@example.com", right)
	must(t, err)
	by, err := w.AuthenticateSession(t.Context(), home, s.Text)
	must(t, err)
	return by
}

// A person hears of things the way they chose, and of what is about security in any case.
func TestNotificationsFollowPreferences(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		_, u := w.ann(t)
		by, _ := w.as(t)
		notify := func(kind pontage.NotificationKind) {
			must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
				return pontage.Notify(t.Context(), tx, w.credentials.Keys, pontage.Notification{UserID: u.ID, Kind: kind, Title: "It happened", Text: "Look.", CreatedAt: w.clock.Now()})
			}))
		}
		heard := func() (shown, mailed int) {
			n, err := w.UnreadNotifications(t.Context(), by)
			must(t, err)
			return n, len(w.letters(t))
		}
		must(t, w.ChooseNotifications(t.Context(), by, []pontage.NotificationPreference{{Kind: pontage.NotifyMoney, Mailed: true}, {Kind: pontage.NotifyAccess}, {Kind: pontage.NotifyAccess, Shown: true}}))
		for _, c := range []struct {
			kind          pontage.NotificationKind
			shown, mailed int
		}{{pontage.NotifySecurity, 1, 1}, {pontage.NotifyMoney, 0, 1}, {pontage.NotifyAccess, 1, 0}, {pontage.NotifyUsage, 1, 0}} {
			shown, mailed := heard()
			notify(c.kind)
			if s, m := heard(); s-shown != c.shown || m-mailed != c.mailed {
				t.Errorf("%s: shown %d, mailed %d", c.kind, s-shown, m-mailed)
			}
		}
		if l := w.letters(t)[0]; l.recipient != annEmail || l.text != "Look.\n" {
			t.Errorf("mail %+v", l)
		}
		chosen, err := w.NotificationPreferences(t.Context(), by)
		if err != nil || len(chosen) != 5 || chosen[1] != (pontage.NotificationPreference{Kind: pontage.NotifyMoney, Mailed: true}) || !chosen[0].Mailed {
			t.Errorf("%v, %v", chosen, err)
		}
		wantCode(t, w.ChooseNotifications(t.Context(), by, []pontage.NotificationPreference{{Kind: pontage.NotifySecurity, Shown: true}}), pontage.InvalidInput, "/kind")
		wantCode(t, w.ChooseNotifications(t.Context(), by, []pontage.NotificationPreference{{Kind: "gossip"}}), pontage.InvalidInput, "/kind")
		all, err := w.Notifications(t.Context(), by, true, pontage.Keyset{Limit: 2})
		must(t, err)
		bob := w.bob(t)
		if n, err := w.ReadNotifications(t.Context(), bob, []pontage.NotificationID{all[0].ID}); err != nil || n != 0 {
			t.Errorf("bob read %d, %v", n, err)
		}
		if n, err := w.ReadNotifications(t.Context(), by, []pontage.NotificationID{all[0].ID}); err != nil || n != 1 {
			t.Errorf("read %d, %v", n, err)
		}
		if n, err := w.ReadNotifications(t.Context(), by, nil); err != nil || n != 2 {
			t.Errorf("read %d more, %v", n, err)
		}
		_, err = w.ReadNotifications(t.Context(), by, make([]pontage.NotificationID, 1001))
		wantCode(t, err, pontage.InvalidInput, "/ids")
		_, err = w.Notifications(t.Context(), home, false, pontage.Keyset{Limit: 2})
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}
