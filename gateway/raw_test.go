package gateway_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pontage/pontage"
)

// dial opens a plain connection to the gateway, for what no client library would send.
func dial(t *testing.T, d *door) net.Conn { t.Helper(); return dialTo(t, d.server) }

func response(t *testing.T, c net.Conn) *http.Response {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// What goes upstream is rebuilt from the match; a path that two programs could read differently does not go at all.
func TestPathsThatCouldBeReadTwoWaysAreRefused(t *testing.T) {
	seen := make(chan string, 100)
	d := open(t, func(_ http.ResponseWriter, r *http.Request) { seen <- r.RequestURI }, nil)
	for _, c := range []struct {
		path   string
		status int
		up     string
	}{
		{"/items/7", 200, "/items/7"},
		{"/items/a%20b?q=%2F..%2F", 200, "/items/a%20b?q=%2F..%2F"},
		{"/items/%C3%BC", 200, "/items/%C3%BC"},
		{"/items/%41", 200, "/items/A"},
		{"", 200, "/"},
		{"/", 200, "/"},
		{"/items/..", 400, ""},
		{"/items/../files/x", 400, ""},
		{"/items/./7", 400, ""},
		{"/items/%2e%2e/7", 400, ""},
		{"/items/%2E%2E%2Ffiles", 400, ""},
		{"/items/a%2fb", 400, ""},
		{"/items/a%5cb", 400, ""},
		{`/items/a\b`, 400, ""},
		{"/items;x=1/7", 400, ""},
		{"/items/7;x=1", 400, ""},
		{"/items/7%3bx", 200, "/items/7%3Bx"},
		{"/items/7%00", 400, ""},
		{"//items/7", 400, ""},
		{"/items//7", 400, ""},
		{"/items/%252e%252e", 400, ""},
		{"/items/%25", 200, "/items/%25"},
		{"/items/%zz", 400, ""},
		{"/items/7/below", 404, ""},
	} {
		conn := dial(t, d)
		io.WriteString(conn, "GET /apis/"+apiHost+c.path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "+goodBearer+"\r\n\r\n")
		got := response(t, conn)
		if got.StatusCode != c.status {
			body, _ := io.ReadAll(got.Body)
			t.Errorf("%s: %d %s, want %d", c.path, got.StatusCode, body, c.status)
			continue
		}
		if c.status == 200 {
			if up := <-seen; up != c.up {
				t.Errorf("%s went upstream as %s, want %s", c.path, up, c.up)
			}
		}
	}
	if len(seen) != 0 {
		t.Error("a refused path went upstream")
	}
}

// Two programs on one connection must agree where a request ends.
func TestFramingThatCouldBeReadTwoWaysIsRefused(t *testing.T) {
	seen := make(chan string, 100)
	d := open(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen <- string(body)
	}, nil)
	head := "POST /apis/" + apiHost + "/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + goodBearer + "\r\n"
	for name, rest := range map[string]string{
		"two lengths":          "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
		"space before colon":   "Content-Length : 4\r\n\r\nbody",
		"unknown encoding":     "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"encoding twice":       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"negative length":      "Content-Length: -4\r\n\r\nbody",
		"length with a sign":   "Content-Length: +4\r\n\r\nbody",
		"carriage return only": "X-A: b\rContent-Length: 4\r\n\r\nbody",
	} {
		c := dial(t, d)
		io.WriteString(c, head+rest)
		got := response(t, c)
		if got.StatusCode < 400 || got.StatusCode == 402 || !got.Close {
			t.Errorf("%s: %d, close %v", name, got.StatusCode, got.Close)
		}
	}
	if len(seen) != 0 {
		t.Errorf("the upstream saw %q", <-seen)
	}
	both := dial(t, d)
	io.WriteString(both, head+"Content-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n")
	if got := response(t, both); got.StatusCode == 200 {
		if body := <-seen; body != "body" {
			t.Errorf("length beside chunks: the upstream saw %q", body)
		}
	}
	folded := dial(t, d)
	io.WriteString(folded, head+"X-A: b\r\n Content-Length: 4\r\nConnection: close\r\n\r\nbody")
	if got := response(t, folded); got.StatusCode == 200 {
		if body := <-seen; body != "" {
			t.Errorf("a folded line made a length: the upstream saw %q", body)
		}
	}
	bare := dial(t, d)
	io.WriteString(bare, head+"Transfer-Encoding: chunked\r\n\r\n4\nbody\n0\n\n")
	if got := response(t, bare); got.StatusCode != 400 || !got.Close {
		t.Errorf("bare line feeds in chunks: %d, close %v", got.StatusCode, got.Close)
	}
}

// A Host header and an absolute target must not name two APIs.
func TestAbsoluteTargetWinsOverHost(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RequestURI) }, nil)
	c := dial(t, d)
	io.WriteString(c, "GET http://"+apiHost+"/items/7?a HTTP/1.1\r\nHost: other.example\r\nAuthorization: Bearer "+goodBearer+"\r\n\r\n")
	if got := d.read(response(t, c)); got.StatusCode != 200 || got.body != "/items/7?a" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// Only plain requests are proxied; what would open a tunnel is refused in words.
func TestTunnelsAreRefused(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) {}, nil)
	for _, c := range []struct {
		request string
		status  int
		code    pontage.Code
	}{
		{"GET /apis/places.example/items HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket", 400, pontage.InvalidInput},
		{"GET /apis/places.example/items HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA", 200, ""},
		{"CONNECT places.example:443 HTTP/1.1", 405, pontage.MethodNotAllowed},
		{"TRACE /apis/places.example/items HTTP/1.1", 405, pontage.MethodNotAllowed},
		{"BREW /apis/places.example/items HTTP/1.1", 405, pontage.MethodNotAllowed},
	} {
		conn := dial(t, d)
		io.WriteString(conn, c.request+"\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+"\r\n\r\n")
		got := d.read(response(t, conn))
		if got.StatusCode != c.status || got.envelope.Code != c.code {
			t.Errorf("%s: %d %s", strings.SplitN(c.request, "\r", 2)[0], got.StatusCode, got.body)
		}
	}
}

func dialTo(t *testing.T, s *httptest.Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// upstreamThat gives the URL of a server with this handler.
func upstreamThat(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}
