package gateway_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/storage/storagetest"
)

var silent = log.New(io.Discard, "", 0)

// recorder is an Upstream that keeps what it was sent.
type recorder struct{ sent []*url.URL }

func (r *recorder) RoundTrip(_ *pontage.Attempt, q *http.Request) (*http.Response, error) {
	r.sent = append(r.sent, q.URL)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, ContentLength: 0}, nil
}

// Whatever bytes stand in a request target, what goes upstream has the shape of an operation of the document.
func FuzzPathSentUpstream(f *testing.F) {
	for _, seed := range []string{"/items/7", "/items/%41%2e", "/items/..%2f", "/items/%252e", "/items/a;b", `/items/a\b`, "/", "", "/items/%00",
		"/items/7?x=#y", "/items/\xff", "/items/7#z", "/files/a%20b", "/items/.../7", "//", "/items/%25", "/items/:@!$&'()*+,="} {
		f.Add(seed)
	}
	sent := &recorder{}
	g, err := gateway.New(gateway.Config{
		Admit: &fakeAdmit{}, Meter: &fakeMeter{credit: 1 << 60, open: map[pontage.CallID]pontage.Money{}, spent: map[pontage.CallID]pontage.Money{}}, Upstream: sent,
		Clock: storagetest.Clock, Catalog: testCatalog(f, pontage.API{ID: "api_1", Host: apiHost, Enabled: true}),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target string) {
		sent.sent = nil
		r := httptest.NewRequest("GET", "/", nil)
		r.RequestURI, r.Host = "/apis/"+apiHost+target, "x"
		r.Header.Set("Authorization", "Bearer "+goodBearer)
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		if len(sent.sent) == 0 {
			if w.Code < 400 || w.Code > 405 {
				t.Fatalf("%q: %d %s", target, w.Code, w.Body)
			}
			return
		}
		path := sent.sent[0].EscapedPath()
		parts := strings.Split(path, "/")
		shape := path == "/" || path == "/items" || len(parts) == 3 && parts[1] == "items" && parts[2] != ""
		if !shape || strings.Trim(parts[len(parts)-1], ".") == "" && path != "/" || strings.ContainsAny(path, "\\;\x00?#") {
			t.Fatalf("%q went upstream as %q", target, path)
		}
	})
}

// An upstream that redirects must not make us call somebody else; the partner sees the redirect.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer elsewhere.Close()
	d := open(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, nil)
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 302 || got.Header.Get("Location") != elsewhere.URL {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
}

// A proxy in the environment must not see the calls, nor the upstreams' credentials.
func TestEnvironmentProxyIsNotUsed(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was used") }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	address := strings.TrimPrefix(rawUpstream(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), "127.0.0.1")
	d := open(t, nil, func(_ *gateway.Config, api *pontage.API) { api.Upstream = "http://localhost" + address })
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 200 || got.body != "ok" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// An upstream may be one of many below one address: its base path stands before the matched path, and {host} names the API.
func TestUpstreamBasePathAndHost(t *testing.T) {
	d := open(t, nil, func(_ *gateway.Config, api *pontage.API) {
		api.Upstream = upstreamThat(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RequestURI) }) + "/base/{host}/"
	})
	for path, want := range map[string]string{"/items/a%20b?q=1": "/base/places.example/items/a%20b?q=1", "/": "/base/places.example/", "": "/base/places.example/"} {
		if got := d.do(d.request("GET", path, nil)); got.body != want {
			t.Errorf("%q: %d %s, want %s", path, got.StatusCode, got.body, want)
		}
	}
}

// An https upstream is called by its own name, and one whose certificate is not good is not called at all.
func TestTLSUpstreamIsVerified(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }))
	defer s.Close()
	s.Config.ErrorLog = silent
	trusting := s.Client().Transport.(*http.Transport).TLSClientConfig
	for _, c := range []struct {
		config gateway.ProxyConfig
		status int
	}{{gateway.ProxyConfig{TLS: trusting}, 200}, {gateway.ProxyConfig{}, 502}} {
		d := open(t, nil, func(g *gateway.Config, api *pontage.API) {
			api.Upstream = s.URL
			var err error
			if g.Upstream, err = gateway.NewProxyUpstream(c.config); err != nil {
				t.Fatal(err)
			}
		})
		if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != c.status {
			t.Errorf("%d %s, want %d", got.StatusCode, got.body, c.status)
		}
	}
}
