package storagetest_test

import (
	"net/netip"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestDomainsComeBackAsTheyWentIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		client := ownClient(t, store, &who)
		odds := "O'Neil \\ \"Ünï\" ?0 100% ☃"
		full := pontage.Domain{ID: "dom_1", ClientID: client, Host: "shop.example", Primary: true, Proof: odds, ProvenBy: pontage.ProofDNS, VerifiedAt: odd, LogoDigest: odds, CreatedAt: odd, UpdatedAt: odd,
			DomainSettings: pontage.DomainSettings{Name: odds, RedirectURI: odds, FallbackURI: odds, FallbackResponse: odds + "\n", AllowLogin: true, AllowAPI: true, Active: true, TestMode: true,
				Servers: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}}}
		empty := pontage.Domain{ID: "dom_2", ClientID: client, CreatedAt: start, UpdatedAt: start}
		url := pontage.DomainURL{ID: "url_1", ClientID: client, DomainID: "dom_1", Kind: pontage.URLCallback, URL: odds, Active: true, CreatedAt: odd}
		secret := pontage.ClientSecret{ID: "sec_1", ClientID: client, CreatedAt: start}
		link := pontage.SecretDomain{SecretID: "sec_1", DomainID: "dom_1"}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertDomain(ctx, full), tx.InsertDomain(ctx, empty), tx.InsertDomainURL(ctx, url), tx.InsertClientSecret(ctx, secret), tx.PutDomainLogo(ctx, "dom_1", []byte{0, 0xff}))
		})
		full.VerifiedAt, full.CreatedAt, full.UpdatedAt, url.CreatedAt = oddUTC, oddUTC, oddUTC, oddUTC
		page := pontage.Keyset{Limit: 5}
		same(t, &full)(store.Domain(ctx, "dom_1"))
		same(t, &full)(store.DomainByHost(ctx, client, "shop.example"))
		same(t, []pontage.Domain{empty, full})(store.Domains(ctx, []pontage.ClientID{client}, pontage.DomainFilter{}, page))
		same(t, 2)(store.CountDomains(ctx, who.account))
		same(t, []byte{0, 0xff})(store.DomainLogo(ctx, "dom_1"))
		same(t, []pontage.DomainURL{url})(store.DomainURLs(ctx, []pontage.DomainID{"dom_1", "dom_2"}))
		same(t, &url)(store.DomainURL(ctx, "url_1"))
		for _, want := range []bool{true, false} {
			write(t, store, func(tx pontage.Tx) error {
				if fresh, err := tx.LinkSecret(ctx, link); err != nil || fresh != want {
					t.Errorf("%v, %v", fresh, err)
				}
				return nil
			})
		}
		same(t, []pontage.SecretDomain{link})(store.SecretDomains(ctx, []pontage.SecretID{"sec_1"}, nil))
		same(t, []pontage.SecretDomain{link})(store.SecretDomains(ctx, nil, []pontage.DomainID{"dom_1", "dom_2"}))
		same(t, []pontage.SecretDomain(nil))(store.SecretDomains(ctx, nil, nil))
		for what, do := range map[string]func(pontage.Tx) error{
			"the same host": func(tx pontage.Tx) error {
				return tx.InsertDomain(ctx, pontage.Domain{ID: "dom_3", ClientID: client, Host: "shop.example"})
			},
			"the same URL": func(tx pontage.Tx) error { second := url; second.ID = "url_2"; return tx.InsertDomainURL(ctx, second) },
			"a second primary": func(tx pontage.Tx) error {
				second := empty
				second.Primary = true
				return tx.UpdateDomain(ctx, second)
			},
		} {
			if err := store.Write(ctx, do); pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("%s: %v", what, err)
			}
		}
		changed := full
		changed.ID, changed.Host = empty.ID, empty.Host
		changed.CreatedAt = start
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.ClearPrimaryDomain(ctx, client), tx.UpdateDomain(ctx, changed), tx.SetDomainURLActive(ctx, "url_1", false), tx.PutDomainLogo(ctx, "dom_1", []byte{1}))
		})
		same(t, &changed)(store.Domain(ctx, "dom_2"))
		same(t, []byte{1})(store.DomainLogo(ctx, "dom_1"))
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.PutDomainLogo(ctx, "dom_2", nil), tx.DeleteDomain(ctx, "dom_1"))
		})
		same(t, []pontage.SecretDomain(nil))(store.SecretDomains(ctx, []pontage.SecretID{"sec_1"}, nil))
		for what, do := range map[string]func(pontage.Tx) error{
			"domain":     func(tx pontage.Tx) error { return tx.DeleteDomain(ctx, "dom_1") },
			"update":     func(tx pontage.Tx) error { return tx.UpdateDomain(ctx, full) },
			"logo":       func(tx pontage.Tx) error { _, err := tx.DomainLogo(ctx, "dom_1"); return err },
			"URL":        func(tx pontage.Tx) error { _, err := tx.DomainURL(ctx, "url_1"); return err },
			"active":     func(tx pontage.Tx) error { return tx.SetDomainURLActive(ctx, "url_1", true) },
			"delete URL": func(tx pontage.Tx) error { return tx.DeleteDomainURL(ctx, "url_1") },
		} {
			if err := store.Write(ctx, do); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		write(t, store, func(tx pontage.Tx) error {
			was, err := tx.UnlinkSecret(ctx, link)
			if was {
				t.Error("unlinked what is gone")
			}
			return err
		})
	})
}
