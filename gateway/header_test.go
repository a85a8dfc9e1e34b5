package gateway_test

import (
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
)

// What a partner is to us, and what only a proxy may say, is nobody else's business; underscores must not smuggle it through.
func TestGuardedHeadersDoNotReachTheUpstream(t *testing.T) {
	seen := make(chan *http.Request, 1)
	d := open(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		seen <- r
	}, nil)
	c := dial(t, d)
	io.WriteString(c, strings.Join([]string{
		"POST /apis/places.example/items HTTP/1.1", "Host: platform.example", "Authorization: Bearer " + goodBearer,
		"Cookie: session=1", "Proxy-Authorization: Basic eA==", "Proxy: http://evil", "Pontage-Call-Id: forged", "pontage_charged: 0",
		"PONTAGE-X: 1", "Forwarded: for=1.2.3.4", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: evil", "X-Forwarded-Proto: gopher",
		"X_Forwarded_For: 1.2.3.4", "X-Forwarded-Prefix: /evil", "X-Real-Ip: 1.2.3.4", "X-Original-Url: /admin", "X-Rewrite-Url: /admin",
		"X-Http-Method-Override: DELETE", "X-Secret: hop", "Keep-Alive: 5", "TE: trailers", "Expect: 100-continue",
		"Connection: close, X-Secret", "Transfer-Encoding: chunked", "Trailer: Authorization, X-T",
		"Accept: text/plain", "X-Custom: kept", "User-Agent: partner/1", "X-Request-Id: r1",
		"", "4", "body", "0", "Authorization: Bearer late", "X-T: late", "", "",
	}, "\r\n"))
	r := <-seen
	for _, name := range []string{"Accept", "X-Custom", "User-Agent", "X-Request-Id"} {
		if r.Header.Get(name) == "" {
			t.Errorf("%s is missing", name)
		}
		r.Header.Del(name)
	}
	for name, want := range map[string]string{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "platform.example", "X-Forwarded-Proto": "http", "Te": "trailers"} {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", name, got)
		}
		r.Header.Del(name)
	}
	if len(r.Header) != 0 || len(r.Trailer) != 0 {
		t.Errorf("these went through: %v, trailers %v", r.Header, r.Trailer)
	}
	if want := strings.TrimPrefix(d.upstream.URL, "http://"); r.Host != want {
		t.Errorf("Host %q, want %q", r.Host, want)
	}
}

// What looks like ours must be ours, and an upstream must not set cookies for the platform; trailers are no way around it.
func TestGuardedHeadersDoNotReachThePartner(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for _, name := range []string{
			"Pontage-Charged", "Pontage-Call-Id", "Pontage-Other", "pontage_charged",
			"RateLimit", "RateLimit-Policy", "RateLimit-Remaining",
			"Set-Cookie", "Set-Cookie2", "Alt-Svc", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Keep-Alive",
			"X-Hop", "Proxy-Authenticate",
		} {
			h.Set(name, "upstream")
		}
		h.Set("Connection", "X-Hop")
		h.Set("ETag", `"1"`)
		h.Add("Link", "<a>")
		h.Add("Link", "<b>")
		h.Set("Trailer", "Pontage-Charged, Set-Cookie, X-Sum")
		io.WriteString(w, "body")
		w.(http.Flusher).Flush()
		h.Set("Pontage-Charged", "late")
		h.Set("Set-Cookie", "late=1")
		h.Set("X-Sum", "42")
		h.Set(http.TrailerPrefix+"RateLimit", "late")
	}, nil)
	got := d.do(d.request("GET", "/items", nil))
	for name, values := range got.Header {
		for _, v := range values {
			if v == "upstream" {
				t.Errorf("%s went through", name)
			}
		}
	}
	if got.Header.Get("Pontage-Charged") != "0.05" || got.Header.Get("ETag") != `"1"` || len(got.Header["Link"]) != 2 {
		t.Errorf("headers %v", got.Header)
	}
	if len(got.Trailer) != 1 || got.Trailer.Get("X-Sum") != "42" {
		t.Errorf("trailers %v", got.Trailer)
	}
}

// Early hints would reach the partner before the charge is durable, with whatever headers the upstream likes.
func TestInterimAnswersStayHere(t *testing.T) {
	address := rawUpstream(t, "HTTP/1.1 103 Early Hints\r\nPontage-Charged: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	d := open(t, nil, func(_ *gateway.Config, api *pontage.API) { api.Upstream = "http://" + address })
	c := dial(t, d)
	io.WriteString(c, "GET /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\n\r\n")
	if got := d.read(response(t, c)); got.StatusCode != 200 || got.body != "ok" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// Whoever may say where a call came from decides on IP limits: only configured proxies may, and only the nearest hops count.
func TestForwardedHeadersCountFromTrustedProxiesOnly(t *testing.T) {
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	inner := netip.MustParsePrefix("10.0.0.0/8")
	for _, c := range []struct {
		name              string
		trusted           []netip.Prefix
		in                []string
		proto, host       string
		address           string
		outProto, outHost string
	}{
		{"nobody is trusted", nil, []string{"203.0.113.9"}, "https", "evil", "127.0.0.1", "http", "platform.example"},
		{"no header", []netip.Prefix{loopback}, nil, "", "", "127.0.0.1", "http", "platform.example"},
		{"one hop", []netip.Prefix{loopback}, []string{"203.0.113.9"}, "https", "public.example", "203.0.113.9", "https", "public.example"},
		{"the partner wrote one before", []netip.Prefix{loopback}, []string{"198.51.100.1, 203.0.113.9"}, "https", "", "203.0.113.9", "https", "platform.example"},
		{"two trusted hops", []netip.Prefix{loopback, inner}, []string{"203.0.113.9, 10.1.2.3"}, "", "", "203.0.113.9", "http", "platform.example"},
		{"two header lines", []netip.Prefix{loopback, inner}, []string{"203.0.113.9", "10.1.2.3"}, "", "", "203.0.113.9", "http", "platform.example"},
		{"nonsense ends the walk", []netip.Prefix{loopback, inner}, []string{"nonsense, 10.1.2.3"}, "gopher", "a b", "10.1.2.3", "http", "platform.example"},
		{"the partner's own values stand before", []netip.Prefix{loopback}, []string{"203.0.113.9"}, "https\nhttp", "evil.example\npublic.example", "203.0.113.9", "http", "platform.example"},
		{"version 6", []netip.Prefix{loopback}, []string{"2001:db8::1"}, "HTTPS", "", "2001:db8::1", "https", "platform.example"},
		{"mapped version 4", []netip.Prefix{loopback}, []string{"::ffff:203.0.113.9"}, "", "", "203.0.113.9", "http", "platform.example"},
	} {
		var up http.Header
		d := open(t, func(_ http.ResponseWriter, r *http.Request) { up = r.Header }, func(g *gateway.Config, _ *pontage.API) { g.TrustedProxies = c.trusted })
		r := d.request("GET", "/items", nil)
		r.Host = "platform.example"
		r.Header["X-Forwarded-For"] = c.in
		r.Header["X-Forwarded-Proto"] = strings.Split(c.proto, "\n")
		r.Header["X-Forwarded-Host"] = strings.Split(c.host, "\n")
		if got := d.do(r); got.StatusCode != 200 {
			t.Fatalf("%s: %d %s", c.name, got.StatusCode, got.body)
		}
		if got := d.meter.attempts[0].Address.String(); got != c.address {
			t.Errorf("%s: the decision saw %s, want %s", c.name, got, c.address)
		}
		if up.Get("X-Forwarded-For") != c.address || up.Get("X-Forwarded-Proto") != c.outProto || up.Get("X-Forwarded-Host") != c.outHost {
			t.Errorf("%s: the upstream saw %v", c.name, up)
		}
	}
}

// The upstream's own credentials are added by us, whatever the partner sends; without the key nothing is held.
func TestUpstreamCredentialIsAdded(t *testing.T) {
	keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	var up http.Header
	seal := func(c *gateway.Config, api *pontage.API) {
		api.CredentialKeyID, api.Credential = keys.Seal("upstream-credential:"+api.Host, []byte(`{"x-api-key":["secret"],"Authorization":["Basic b3Vycw=="]}`))
		c.Upstream, err = gateway.NewProxyUpstream(gateway.ProxyConfig{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, func(_ http.ResponseWriter, r *http.Request) { up = r.Header }, seal)
	r := d.request("GET", "/items", nil)
	r.Header.Set("X-Api-Key", "the partner's")
	if got := d.do(r); got.StatusCode != 200 || up.Get("X-Api-Key") != "secret" || len(up["X-Api-Key"]) != 1 || up.Get("Authorization") != "Basic b3Vycw==" {
		t.Errorf("%d, the upstream saw %v", got.StatusCode, up)
	}
	keys, err = pontage.NewKeyRing(pontage.NewKey("k2"))
	if err != nil {
		t.Fatal(err)
	}
	lost := open(t, nil, func(c *gateway.Config, api *pontage.API) {
		seal(c, api)
		c.Upstream, _ = gateway.NewProxyUpstream(gateway.ProxyConfig{})
	})
	if got := lost.do(lost.request("GET", "/items", nil)); got.StatusCode != 503 || len(lost.meter.attempts) != 0 || strings.Contains(got.body, "key") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}
