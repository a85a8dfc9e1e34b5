package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/gateway"
)

const apiHost = "places.example"

// door is a gateway with a real catalogue, a real upstream and a real listener; oauth and meter are fakes.
type door struct {
	t        *testing.T
	server   *httptest.Server
	upstream *httptest.Server
	meter    *fakeMeter
	admit    *fakeAdmit
	api      *pontage.API
	log      *lockedBuffer
	ends     chan callEnd
}

type callEnd struct {
	host, route string
	code        pontage.Code
	status      int
	payer       pontage.Payer
}

func (d *door) CallEnded(host, route string, code pontage.Code, status int, payer pontage.Payer, _ time.Duration) {
	d.ends <- callEnd{host, route, code, status, payer}
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// operations of the test API, all of them in one scope per method and first segment.
var operations = []struct{ method, path string }{
	{"GET", "/items/{id}"}, {"GET", "/items"}, {"POST", "/items"}, {"PUT", "/files/{name}"}, {"GET", "/"},
}

// open builds a door before the upstream handler. change may set what differs.
func open(t *testing.T, handler http.HandlerFunc, change func(*gateway.Config, *pontage.API)) *door {
	t.Helper()
	d := &door{t: t, meter: &fakeMeter{credit: 100 * price, open: map[pontage.CallID]pontage.Money{}, spent: map[pontage.CallID]pontage.Money{}}, admit: &fakeAdmit{},
		log: &lockedBuffer{}, ends: make(chan callEnd, 1000)}
	d.upstream = httptest.NewServer(handler)
	t.Cleanup(d.upstream.Close)
	d.api = &pontage.API{ID: "api_1", Host: apiHost, Upstream: d.upstream.URL, Enabled: true}
	upstream, err := gateway.NewProxyUpstream(gateway.ProxyConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(upstream.Close)
	c := gateway.Config{
		Admit: d.admit, Meter: d.meter, Upstream: upstream, Clock: time.Now, Observer: d,
		Logger: slog.New(slog.NewJSONHandler(d.log, nil)),
	}
	if change != nil {
		change(&c, d.api)
	}
	c.Catalog = testCatalog(t, *d.api)
	g, err := gateway.New(c)
	if err != nil {
		t.Fatal(err)
	}
	d.server = httptest.NewServer(g)
	t.Cleanup(d.server.Close)
	return d
}

func testCatalog(t testing.TB, api pontage.API) *catalog.Service {
	t.Helper()
	all := pontage.Catalog{Version: 1, APIs: []pontage.API{api}}
	free := price
	for _, o := range operations {
		id := o.method + o.path
		all.Scopes = append(all.Scopes, pontage.Scope{ID: pontage.ScopeID("sco_" + id), APIID: api.ID, Name: o.method + ":" + api.Host + o.path,
			Method: o.method, Host: api.Host, Segment: strings.Trim(o.path, "/{}"), Enabled: true, Price: &free})
		all.Operations = append(all.Operations, pontage.Operation{ID: pontage.OperationID("opr_" + id), APIID: api.ID,
			ScopeID: pontage.ScopeID("sco_" + id), Method: o.method, Path: o.path, Enabled: true})
	}
	s := catalog.New(catalog.Config{Store: rows{all}, Clock: time.Now})
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// request makes a call of the test API with a good bearer; path is below the API's root.
func (d *door) request(method, path string, body io.Reader) *http.Request {
	d.t.Helper()
	r, err := http.NewRequest(method, d.server.URL+"/apis/"+apiHost+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+goodBearer)
	return r
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body     string
	envelope pontage.Envelope
}

func (d *door) do(r *http.Request) reply {
	d.t.Helper()
	res, err := d.client().Do(r)
	if err != nil {
		d.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	return d.read(res)
}

func (d *door) read(res *http.Response) reply {
	d.t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatalf("body: %v", err)
	}
	out := reply{Response: res, body: string(body)}
	if res.Header.Get("Content-Type") == "application/json" {
		json.Unmarshal(body, &out.envelope)
	}
	return out
}

// client follows no redirects and hides nothing.
func (d *door) client() *http.Client {
	return &http.Client{
		Transport:     d.server.Client().Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ended waits for the end of one call.
func (d *door) ended() callEnd {
	d.t.Helper()
	select {
	case e := <-d.ends:
		return e
	case <-time.After(20 * time.Second):
		d.t.Fatal("the call did not end")
		return callEnd{}
	}
}

// expect compares the endings with texts like "settle 200" or "give back 0 gateway_timeout".
func (d *door) expect(want ...string) {
	d.t.Helper()
	history := d.meter.history()
	var got []string
	for _, e := range history {
		got = append(got, strings.TrimSpace(e.how+" "+itoa(e.Status)+" "+string(e.Code)))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		d.t.Errorf("endings %q, want %q", got, want)
	}
	if left := len(d.meter.open); left != 0 {
		d.t.Errorf("%d calls are still held", left)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
