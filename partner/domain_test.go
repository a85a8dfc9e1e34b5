package partner_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// site is every partner's web server; its client finds it under any name.
var site, served = func() (*httptest.Server, *string) {
	var text string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != partner.ProofPath || r.Host != "shop.example" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(text))
	}))
	transport := s.Client().Transport.(*http.Transport)
	transport.TLSClientConfig.InsecureSkipVerify = true
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.Listener.Addr().String())
	}
	return s, &text
}()

// A host is compared as a whole, so it must come in one form, however people type it; what is no host never gets in.
func TestHostsComeInOneForm(t *testing.T) {
	for in, want := range map[string]string{
		"shop.example": "shop.example", "SHOP.Example.": "shop.example", "bücher.example": "xn--bcher-kva.example", "a.b-c.example": "a.b-c.example",
		"localhost": "localhost", "faß.example": "xn--fa-hia.example",
	} {
		if got, err := partner.ParseHost(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", ".", "shop", "https://shop.example", "shop.example/", "shop.example:443", "192.0.2.1", "0x7f.1", "[::1]", "a..b", "-a.example", "a b.example",
		"a.localhost", "a_b.example", "*.example", "a\x00.example", strings.Repeat("a", 64) + ".example", strings.Repeat("abcdefg.", 40) + "example", "a@b.example"} {
		if got, err := partner.ParseHost(in); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("%q passes as %q: %v", in, got, err)
		}
	}
}

func FuzzParseHost(f *testing.F) {
	for _, seed := range []string{"shop.example", "bücher.example.", "xn--", "xn--a.example", "\u2024.example", "1.2.3.4"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		host, err := partner.ParseHost(text)
		if err != nil {
			return
		}
		if again, err := partner.ParseHost(host); err != nil || again != host {
			t.Errorf("%q became %q, which becomes %q: %v", text, host, again, err)
		}
		if _, err := netip.ParseAddr(host); err == nil || strings.ContainsAny(host, "/:@?# \x00") || host != strings.ToLower(host) {
			t.Errorf("%q passes as %q", text, host)
		}
	})
}

// A domain holds what its owner says, there is one primary, and nonsense is refused at its field.
func TestADomainKeepsItsSettings(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		settings := pontage.DomainSettings{Name: "Shop", RedirectURI: "https://shop.example/in", FallbackURI: "http://localhost:3000/", FallbackResponse: "Sorry,\nno.",
			AllowLogin: true, AllowAPI: true, Active: true, TestMode: true, Servers: []netip.Prefix{netip.MustParsePrefix("192.0.2.77/24"), netip.MustParsePrefix("::ffff:10.0.0.1/128")}}
		first, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "Shop.Example", Settings: settings})
		must(t, err)
		if !first.Primary || first.Servers[0].String() != "192.0.2.0/24" || first.Servers[1].String() != "10.0.0.1/32" {
			t.Errorf("%+v", first)
		}
		_, err = w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example"})
		wantCode(t, err, pontage.Conflict, "/host")
		second, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "other.example", Primary: true})
		must(t, err)
		got, err := w.Domain(t.Context(), w.by(), first.ID)
		if err != nil || got.Primary || got.FallbackResponse != settings.FallbackResponse || !got.TestMode {
			t.Errorf("%+v, %v", got, err)
		}
		yes := true
		_, err = w.UpdateDomain(t.Context(), w.by(), first.ID, partner.DomainChange{Primary: &yes})
		must(t, err)
		if got, err := w.Domain(t.Context(), w.by(), second.ID); err != nil || got.Primary {
			t.Errorf("%+v, %v", got, err)
		}
		changed, err := w.UpdateDomain(t.Context(), w.by(), first.ID, partner.DomainChange{AllowLogin: new(false), FallbackURI: new("")})
		settings.AllowLogin, settings.FallbackURI, settings.Servers = false, "", first.Servers
		if diff := cmp.Diff(settings, changed.DomainSettings, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); err != nil || diff != "" {
			t.Errorf("what was left out did not stay: %v\n%s", err, diff)
		}
		for field, bad := range map[string]partner.DomainChange{
			"/name": {Name: new("a\x00")}, "/redirectUri": {RedirectURI: new("http://shop.example/")}, "/fallbackUri": {FallbackURI: new("javascript:alert(1)")},
			"/fallbackResponse": {FallbackResponse: new(strings.Repeat("x", 2001))}, "/servers": {Servers: new(make([]netip.Prefix, 1))},
		} {
			_, err = w.UpdateDomain(t.Context(), w.by(), first.ID, bad)
			wantCode(t, err, pontage.InvalidInput, field)
		}
		_, err = w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "localhost"})
		wantCode(t, err, pontage.InvalidInput, "/testMode")
		must(t, w.DeleteDomain(t.Context(), w.by(), first.ID))
		_, err = w.Domain(t.Context(), w.by(), first.ID)
		wantCode(t, err, pontage.NotFound, "")
	})
}

// An URL is good exactly as it was registered, and only while it is active.
func TestURLsAreExact(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		d, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example", Settings: pontage.DomainSettings{Active: true, AllowLogin: true}})
		must(t, err)
		const url = "https://shop.example/back?x=1"
		added, err := w.AddURL(t.Context(), w.by(), d.ID, pontage.URLCallback, url)
		must(t, err)
		_, err = w.AddURL(t.Context(), w.by(), d.ID, pontage.URLCallback, url)
		wantCode(t, err, pontage.Conflict, "/url")
		_, err = w.AddURL(t.Context(), w.by(), d.ID, pontage.URLWebhook, "https://shop.example/hook")
		must(t, err)
		good := func(url string, want bool) {
			t.Helper()
			if got, err := w.Callback(t.Context(), d.ID, url); err != nil || got != want {
				t.Errorf("%s: %v, %v", url, got, err)
			}
		}
		good(url, true)
		for _, other := range []string{url + "&", "https://shop.example/back", "https://SHOP.example/back?x=1", "https://shop.example/hook", url + "#"} {
			good(other, false)
		}
		for what, change := range map[string]func(off bool) error{
			"the domain is inactive": func(off bool) error {
				_, err := w.UpdateDomain(t.Context(), w.by(), d.ID, partner.DomainChange{Active: new(!off)})
				return err
			},
			"nobody may log in": func(off bool) error {
				_, err := w.UpdateDomain(t.Context(), w.by(), d.ID, partner.DomainChange{AllowLogin: new(!off)})
				return err
			},
			"the client is disabled": func(off bool) error { _, err := w.SetDisabled(t.Context(), w.by(), c.ID, off); return err },
			"the account is disabled": func(off bool) error {
				a := w.account
				if off {
					a.DisabledAt = w.clock.Now()
				}
				return w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateAccount(t.Context(), a) })
			},
		} {
			must(t, change(true))
			if got, err := w.Callback(t.Context(), d.ID, url); err != nil || got {
				t.Errorf("%s: %v, %v", what, got, err)
			}
			must(t, change(false))
			good(url, true)
		}
		_, err = w.SetURLActive(t.Context(), w.by(), added.ID, false)
		must(t, err)
		good(url, false)
		must(t, w.RemoveURL(t.Context(), w.by(), added.ID))
		wantCode(t, w.RemoveURL(t.Context(), w.by(), added.ID), pontage.NotFound, "")
		for _, bad := range []string{"", "shop.example", "http://shop.example/", "https://", "https:///x", "https://u:p@shop.example/", "https://shop.example/#x", "https://shop.example/ x",
			"https:shop.example", "ftp://localhost/", "http://localhost.shop.example/", `https://shop.example\@evil.example/`, "https://shop.example/" + strings.Repeat("x", 2000)} {
			_, err = w.AddURL(t.Context(), w.by(), d.ID, pontage.URLCallback, bad)
			wantCode(t, err, pontage.InvalidInput, "/url")
		}
		for _, local := range []string{"http://localhost:8080/x", "http://127.0.0.1/", "http://[::1]:3000/"} {
			_, err = w.AddURL(t.Context(), w.by(), d.ID, pontage.URLCallback, local)
			must(t, err)
		}
	})
}

// A secret is good for the domains it is linked to, of its own client, and so is the one that replaces it.
func TestSecretsAreLinkedToDomainsOfTheirClient(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		other, _ := w.newClient(t, partner.SecretInput{})
		mine, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example"})
		must(t, err)
		foreign, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: other.ID, Host: "shop.example"})
		must(t, err)
		link := pontage.SecretDomain{SecretID: s.ID, DomainID: mine.ID}
		must(t, w.LinkSecret(t.Context(), w.by(), link))
		must(t, w.LinkSecret(t.Context(), w.by(), link))
		wantCode(t, w.LinkSecret(t.Context(), w.by(), pontage.SecretDomain{SecretID: s.ID, DomainID: foreign.ID}), pontage.NotFound, "")
		next, err := w.RotateSecret(t.Context(), w.by(), s.ID, 0)
		must(t, err)
		must(t, w.UnlinkSecret(t.Context(), w.by(), link))
		links, err := w.store.SecretDomains(t.Context(), nil, []pontage.DomainID{mine.ID})
		if err != nil || len(links) != 1 || links[0].SecretID != next.ID {
			t.Errorf("%v, %v", links, err)
		}
	})
}

// Only who controls a host can prove it, by DNS or by a file.
func TestAHostIsProven(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		d, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example"})
		must(t, err)
		prove := func(method pontage.ProofMethod, code pontage.Code) {
			t.Helper()
			_, err := w.VerifyDomain(t.Context(), w.by(), d.ID, method)
			wantCode(t, err, code, map[pontage.Code]string{"": "", pontage.Unprocessable: "/method", pontage.InvalidInput: "/method"}[code])
		}
		*served = "pontage-domain=nonsense"
		prove("mail", pontage.InvalidInput)
		prove(pontage.ProofDNS, pontage.Unprocessable)
		prove(pontage.ProofFile, pontage.Unprocessable)
		w.records["shop.example."] = []string{d.Proof}
		w.records[partner.ProofRecord+"shop.example."] = []string{"v=spf1", d.Proof + "x"}
		prove(pontage.ProofDNS, pontage.Unprocessable)
		w.records[partner.ProofRecord+"shop.example."] = []string{"v=spf1", d.Proof}
		prove(pontage.ProofDNS, "")
		*served = strings.Repeat("x\n", 4096) + d.Proof
		prove(pontage.ProofFile, pontage.Unprocessable)
		*served = "# ours\r\n" + d.Proof + "\r\n"
		prove(pontage.ProofFile, "")
		got, err := w.Domain(t.Context(), w.by(), d.ID)
		if err != nil || got.ProvenBy != pontage.ProofFile || !got.VerifiedAt.Equal(w.clock.Now()) {
			t.Errorf("%+v, %v", got, err)
		}
		for range 40 {
			_, err = w.VerifyDomain(t.Context(), w.by(), d.ID, pontage.ProofDNS)
		}
		wantCode(t, err, pontage.RateLimited, "")
	})
}

// Nobody may use us to look into our own network.
func TestTheFetcherReachesPublicServersAlone(t *testing.T) {
	for _, address := range []string{"127.0.0.1:443", "10.0.0.1:443", "169.254.169.254:443", "192.168.1.1:443", "100.64.0.1:443", "0.0.0.0:443", "[::1]:443", "[::]:443", "[fd00::1]:443",
		"[fe80::1]:443", "[::ffff:127.0.0.1]:443", "[64:ff9b::7f00:1]:443", "[2002:7f00:1::]:443", "224.0.0.1:443", "255.255.255.255:443", "8.8.8.8:80", "[2606:4700::1]:22", "nonsense"} {
		if partner.Guard(address) == nil {
			t.Errorf("%s may be dialled", address)
		}
	}
	for _, address := range []string{"8.8.8.8:443", "[2606:4700::1]:443", "[::ffff:8.8.8.8]:443"} {
		if err := partner.Guard(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	fetcher := partner.NewFetcher()
	if answer, err := fetcher.Get(site.URL); err == nil || !strings.Contains(err.Error(), "not to be reached") {
		t.Errorf("a local server was reached: %v, %v", answer, err)
	}
	if err := fetcher.CheckRedirect(nil, nil); err != http.ErrUseLastResponse {
		t.Errorf("redirects are followed: %v", err)
	}
}

func picture(width, height int) image.Image {
	r := rand.New(rand.NewPCG(1, 2))
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			p.Set(x, y, color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
		}
	}
	return p
}

// WebP comes lossless, lossy and with transparency; all of it is read and becomes a PNG with the same colours. The samples are libwebp's.
func TestALogoMayBeWebP(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		d, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example"})
		must(t, err)
		for _, name := range []string{"lossless", "lossy", "alpha"} {
			data, err := os.ReadFile("testdata/logo-" + name + ".webp")
			must(t, err)
			changed, err := w.SetLogo(t.Context(), w.by(), d.ID, data)
			must(t, err)
			served, err := w.Logo(t.Context(), partner.LogoPath(changed))
			must(t, err)
			logo, err := png.Decode(bytes.NewReader(served))
			must(t, err)
			if size := logo.Bounds().Size(); size != image.Pt(40, 24) {
				t.Fatalf("%s: %v", name, size)
			}
			left, right := color.NRGBAModel.Convert(logo.At(5, 20)).(color.NRGBA), color.NRGBAModel.Convert(logo.At(35, 5)).(color.NRGBA)
			if left.R < 180 || left.B > 60 || left.A != 255 || right.B < 180 || right.R > 60 || (right.A == 255) != (name == "lossy") {
				t.Errorf("%s: left %v, right %v", name, left, right)
			}
			_, err = w.SetLogo(t.Context(), w.by(), d.ID, data[:len(data)/2])
			wantCode(t, err, pontage.InvalidInput, "/logo")
		}
	})
}

// Whatever comes as a logo, what is served is a small PNG that we made ourselves.
func TestALogoIsMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, _ := w.newClient(t, partner.SecretInput{})
		d, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example"})
		must(t, err)
		var small, large, photo, bomb bytes.Buffer
		must(t, png.Encode(&small, picture(40, 20)))
		must(t, png.Encode(&large, picture(600, 600)))
		must(t, jpeg.Encode(&photo, picture(900, 600), &jpeg.Options{Quality: 30}))
		must(t, png.Encode(&bomb, image.NewGray(image.Rect(0, 0, 3000, 3000))))
		small.WriteString("<script>alert(1)</script>")
		for name, x := range map[string]struct {
			data []byte
			code pontage.Code
		}{"small": {small.Bytes(), ""}, "photo": {photo.Bytes(), ""}, "large": {large.Bytes(), pontage.TooLarge}, "bomb": {bomb.Bytes(), pontage.TooLarge},
			"nothing": {nil, pontage.InvalidInput}, "text": {[]byte("<svg/>"), pontage.InvalidInput}, "cut": {small.Bytes()[:100], pontage.InvalidInput}} {
			changed, err := w.SetLogo(t.Context(), w.by(), d.ID, x.data)
			if pontage.CodeOf(err) != x.code {
				t.Errorf("%s of %d bytes: %v", name, len(x.data), err)
				continue
			}
			if x.code != "" {
				continue
			}
			logo, err := w.Logo(t.Context(), partner.LogoPath(changed))
			must(t, err)
			_, kind, err := image.DecodeConfig(bytes.NewReader(logo))
			if err != nil || kind != "png" || len(logo) > partner.MaxLogo || bytes.Contains(logo, []byte("script")) || changed.LogoDigest == "" {
				t.Errorf("%s: %d bytes of %s, %v", name, len(logo), kind, err)
			}
		}
		gone, err := w.RemoveLogo(t.Context(), w.by(), d.ID)
		if err != nil || gone.LogoDigest != "" {
			t.Errorf("%+v, %v", gone, err)
		}
		_, err = w.Logo(t.Context(), partner.LogoPath(gone))
		wantCode(t, err, pontage.NotFound, "")
	})
}
