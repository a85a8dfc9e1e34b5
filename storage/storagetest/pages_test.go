package storagetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// twoShops are two clients with five domains and secrets each, some of the same microsecond, all linked; the first of each is primary,
// active, in test mode, proven and good until an hour later, the last secret is revoked.
func twoShops(t *testing.T, store *storage.Store, who *tenant) [2]pontage.ClientID {
	t.Helper()
	shops := [2]pontage.ClientID{ownClient(t, store, who), ownClient(t, store, who)}
	ctx := t.Context()
	for shop, client := range shops {
		write(t, store, func(tx pontage.Tx) error {
			for i := range 5 {
				at := start.Add(time.Duration(i/2) * time.Second)
				d := pontage.Domain{ID: pontage.DomainID(fmt.Sprintf("dom_%d%d", shop, i)), ClientID: client, Host: fmt.Sprintf("shop%d.example", i), CreatedAt: at, UpdatedAt: at}
				s := pontage.ClientSecret{ID: pontage.SecretID(fmt.Sprintf("sec_%d%d", shop, i)), ClientID: client, CreatedAt: at}
				switch i {
				case 0:
					d.Primary, d.Active, d.TestMode, d.VerifiedAt, s.ExpiresAt = true, true, true, start, start.Add(time.Hour)
				case 4:
					s.RevokedAt = start
				}
				err := first(tx.InsertDomain(ctx, d), tx.InsertClientSecret(ctx, s), linked(tx.LinkSecret(ctx, pontage.SecretDomain{SecretID: s.ID, DomainID: d.ID})),
					linked(tx.LinkSecret(ctx, pontage.SecretDomain{SecretID: s.ID, DomainID: pontage.DomainID(fmt.Sprintf("dom_%d0", shop))})),
					tx.UseCredential(ctx, "sec_00", start, start))
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return shops
}

func linked(_ bool, err error) error { return err }

// Each of several parents gets the page that it would get alone, in one read; in either order, with ties, by filter, behind a place.
func TestSeveralParentsGetAPageEach(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		shops := twoShops(t, store, &who)
		yes, no, both := new(true), new(false), shops[:]
		two := pontage.Keyset{Limit: 2}
		oldest := pontage.Keyset{Limit: 2, OldestFirst: true}
		behind := pontage.Keyset{Limit: 9, After: pontage.Cursor{At: start.Add(time.Second), ID: "dom_03"}}
		domains := func(f pontage.DomainFilter, p pontage.Keyset) string {
			all, err := store.Domains(ctx, both, f, p)
			return names(t, all, err, func(d pontage.Domain) string { return string(d.ID) })
		}
		secrets := func(f pontage.SecretFilter, p pontage.Keyset) string {
			all, err := store.SecretsOf(ctx, both, f, p)
			return names(t, all, err, func(s pontage.UsedSecret) string { return string(s.ID) })
		}
		for name, c := range map[string][2]string{
			"the newest":           {domains(pontage.DomainFilter{}, two), "dom_03 dom_04 dom_13 dom_14"},
			"the oldest":           {domains(pontage.DomainFilter{}, oldest), "dom_00 dom_01 dom_10 dom_11"},
			"behind a place":       {domains(pontage.DomainFilter{}, behind), "dom_00 dom_01 dom_02 dom_10 dom_11"},
			"primary":              {domains(pontage.DomainFilter{Primary: yes}, two), "dom_00 dom_10"},
			"active":               {domains(pontage.DomainFilter{Active: yes}, two), "dom_00 dom_10"},
			"not in test mode":     {domains(pontage.DomainFilter{TestMode: no}, oldest), "dom_01 dom_02 dom_11 dom_12"},
			"not proven":           {domains(pontage.DomainFilter{Verified: no}, oldest), "dom_01 dom_02 dom_11 dom_12"},
			"by a part":            {domains(pontage.DomainFilter{Host: "P3.Ex"}, two), "dom_03 dom_13"},
			"no pattern":           {domains(pontage.DomainFilter{Host: "shop%"}, two), ""},
			"secrets":              {secrets(pontage.SecretFilter{}, two), "sec_03 sec_04 sec_13 sec_14"},
			"live secrets":         {secrets(pontage.SecretFilter{Active: yes, At: start}, two), "sec_02 sec_03 sec_12 sec_13"},
			"secrets that ended":   {secrets(pontage.SecretFilter{Active: no, At: start.Add(time.Hour)}, two), "sec_00 sec_04 sec_10 sec_14"},
			"secrets not yet over": {secrets(pontage.SecretFilter{Active: no, At: start.Add(time.Hour - 1000)}, two), "sec_04 sec_14"},
		} {
			if c[0] != c[1] {
				t.Errorf("%s: %s, want %s", name, c[0], c[1])
			}
		}
		if _, err := store.Domains(ctx, both, pontage.DomainFilter{}, pontage.Keyset{}); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("without a limit: %v", err)
		}
		used, err := store.UsedSecret(ctx, "sec_00")
		if err != nil || !used.LastUsedAt.Equal(start) || used.Label != "" {
			t.Errorf("%+v, %v", used, err)
		}
		if _, err := store.UsedSecret(ctx, "sec_none"); pontage.CodeOf(err) != pontage.NotFound {
			t.Error(err)
		}
	})
}

// A link is found from both of its ends.
func TestLinksAreFoundFromBothEnds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		twoShops(t, store, &who)
		two := pontage.Keyset{Limit: 2}
		ofDomains, err := store.SecretsOfDomains(ctx, []pontage.DomainID{"dom_00", "dom_01", "dom_none"}, pontage.SecretFilter{}, two)
		if got := names(t, ofDomains, err, func(l pontage.LinkedSecret) string { return string(l.DomainID) + "/" + string(l.ID) }); got != "dom_00/sec_03 dom_00/sec_04 dom_01/sec_01" {
			t.Error(got)
		}
		ofSecrets, err := store.DomainsOfSecrets(ctx, []pontage.SecretID{"sec_00", "sec_14"}, pontage.DomainFilter{}, two)
		if got := names(t, ofSecrets, err, func(l pontage.LinkedDomain) string { return string(l.SecretID) + "/" + string(l.ID) }); got != "sec_00/dom_00 sec_14/dom_10 sec_14/dom_14" {
			t.Error(got)
		}
		live, err := store.SecretsOfDomains(ctx, []pontage.DomainID{"dom_00", "dom_01"}, pontage.SecretFilter{Active: new(true), At: start}, two)
		if got := names(t, live, err, func(l pontage.LinkedSecret) string { return string(l.DomainID) + "/" + string(l.ID) }); got != "dom_00/sec_02 dom_00/sec_03 dom_01/sec_01" {
			t.Error(got)
		}
		primary, err := store.DomainsOfSecrets(ctx, []pontage.SecretID{"sec_00", "sec_14"}, pontage.DomainFilter{Primary: new(true)}, two)
		if got := names(t, primary, err, func(l pontage.LinkedDomain) string { return string(l.SecretID) + "/" + string(l.ID) }); got != "sec_00/dom_00 sec_14/dom_10" {
			t.Error(got)
		}
		noSecrets, err := store.SecretsOf(ctx, nil, pontage.SecretFilter{}, two)
		none, err2 := store.SecretsOfDomains(ctx, nil, pontage.SecretFilter{}, two)
		noDomains, err3 := store.Domains(ctx, nil, pontage.DomainFilter{}, two)
		nothing, err4 := store.DomainsOfSecrets(ctx, nil, pontage.DomainFilter{}, two)
		noChoices, err5 := store.ClientScopes(ctx)
		if len(noSecrets)+len(none)+len(noDomains)+len(nothing)+len(noChoices) != 0 || first(err, err2, err3, err4, err5) != nil {
			t.Error("of no parents there is something")
		}
	})
}

// Clients are found by a part of their name and by whether they may be used.
func TestClientsAreFiltered(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		write(t, store, func(tx pontage.Tx) error {
			for i, name := range []string{"Webshop", "till %", "ÄPP shop"} {
				c := pontage.Client{ID: pontage.ClientID(fmt.Sprint("cli_", i)), AccountID: who.account, Name: name, CreatedAt: start}
				if i == 1 {
					c.DisabledAt = start
				}
				if err := tx.InsertClient(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			f    pontage.ClientFilter
			want string
		}{
			{pontage.ClientFilter{}, "cli_0 cli_1 cli_2"}, {pontage.ClientFilter{Name: "SHOP"}, "cli_0 cli_2"}, {pontage.ClientFilter{Name: "%"}, "cli_1"},
			{pontage.ClientFilter{Name: "Äpp"}, "cli_2"}, {pontage.ClientFilter{Name: "äpp"}, ""}, {pontage.ClientFilter{Active: new(true)}, "cli_0 cli_2"},
			{pontage.ClientFilter{Active: new(false)}, "cli_1"}, {pontage.ClientFilter{Active: new(false), Name: "shop"}, ""},
		} {
			all, err := store.ClientPage(ctx, who.account, c.f, pontage.Keyset{Limit: 5})
			if got := names(t, all, err, func(c pontage.Client) string { return string(c.ID) }); got != c.want {
				t.Errorf("%+v: %s, want %s", c.f, got, c.want)
			}
		}
	})
}

// names are all entries of a list, sorted.
func names[T any](t *testing.T, all []T, err error, name func(T) string) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, one := range all {
		found = append(found, name(one))
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}
