package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// keyed makes a call of the demo API under a key and gives the answer with its envelope's code.
func (i *instance) keyed(method, path, bearer, key, body string) (*http.Response, string) {
	i.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, i.server.URL+"/apis/"+demo.Host+path, content)
	i.must(err)
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set(pontage.IdempotencyHeader, key)
	res, err := i.server.Client().Do(r)
	i.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	i.must(err)
	return res, string(text)
}

// A partner who sends a call again under its key pays once, and the API, which gets the key too, is asked again.
func TestScenarioARepeatUnderItsKeyIsNotCharged(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		var mutex sync.Mutex
		var seen []string
		status := http.StatusOK
		i.prepare(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mutex.Lock()
			defer mutex.Unlock()
			seen = append(seen, r.Header.Get(pontage.IdempotencyHeader)+" "+string(body))
			w.WriteHeader(status)
		}), 1_000_000)
		bearer := i.token(pontage.Limits{}).Bearer
		body := `{"places":["IT-20121"]}`
		failing := func(how int) { mutex.Lock(); status = how; mutex.Unlock() }

		failing(http.StatusServiceUnavailable)
		if res, _ := i.keyed("POST", "/lookups", bearer, "k", body); res.Header.Get("Pontage-Charged") != "0" {
			t.Errorf("a failed call: %v", res.Header)
		}
		failing(http.StatusOK)
		first, _ := i.keyed("POST", "/lookups", bearer, "k", body)
		if first.StatusCode != 200 || first.Header.Get("Pontage-Charged") == "0" || first.Header.Get("Pontage-Repeats") != "" {
			t.Fatalf("first: %d %v", first.StatusCode, first.Header)
		}
		second, _ := i.keyed("POST", "/lookups", i.token(pontage.Limits{}).Bearer, "k", body) // another token of the account
		h := second.Header
		if second.StatusCode != 200 || h.Get("Pontage-Charged") != "0" || h.Get("Pontage-Paid-By") != "wallet" ||
			h.Get("Pontage-Repeats") != first.Header.Get("Pontage-Call-Id") || h.Get("Pontage-Call-Id") == h.Get("Pontage-Repeats") {
			t.Errorf("repeat: %d %v", second.StatusCode, h)
		}
		if got := strings.Join(seen, ","); got != strings.TrimSuffix(strings.Repeat("k "+body+",", 3), ",") {
			t.Errorf("the upstream saw %s", got)
		}
		for _, other := range []struct{ path, body string }{{"/lookups", `{"places":[]}`}, {"/lookups?x=1", body}} {
			if res, text := i.keyed("POST", other.path, bearer, "k", other.body); res.StatusCode != 422 || !strings.Contains(text, "idempotency_key_reused") {
				t.Errorf("%v: %d %s", other, res.StatusCode, text)
			}
		}
		for range 2 { // each is a new reading, whatever the key says
			if res, _ := i.keyed("GET", demo.PaidPath, bearer, "k", ""); res.StatusCode != 200 || res.Header.Get("Pontage-Charged") != "0.05" {
				t.Errorf("a read under a key: %d %v", res.StatusCode, res.Header)
			}
		}
		i.expectBooks(850_000)
	})
}

// A hundred at once under one key, on two instances: the wallet pays for one.
func TestScenarioAHundredCallsUnderOneKeyCostOne(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		other := start(t, open())
		i.must(other.catalog.Refresh(t.Context()))
		bearer := i.token(pontage.Limits{}).Bearer
		var paid, repeated, busy atomic.Int64
		var all sync.WaitGroup
		for n := range 100 {
			all.Go(func() {
				res, text := []*instance{i, other}[n%2].keyed("POST", "/lookups", bearer, "k", `{"places":["IT-20121"]}`)
				switch {
				case res.StatusCode == 409 && strings.Contains(text, "idempotency_key_in_progress") && res.Header.Get("Retry-After") != "":
					busy.Add(1)
				case res.StatusCode == 200 && res.Header.Get("Pontage-Charged") == "0.05":
					paid.Add(1)
				case res.StatusCode == 200 && res.Header.Get("Pontage-Charged") == "0":
					repeated.Add(1)
				default:
					t.Errorf("%d %s", res.StatusCode, text)
				}
			})
		}
		all.Wait()
		t.Logf("%d paid, %d repeated, %d in progress", paid.Load(), repeated.Load(), busy.Load())
		if paid.Load() != 1 {
			t.Errorf("%d calls were charged", paid.Load())
		}
		i.expectBooks(950_000)
	})
}

// What cannot be compared with its repeat must not be taken for a call that can.
func TestAKeyNeedsABodyThatCanBeCompared(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
	}, nil)
	ask := func(body io.Reader, key string) reply {
		r := d.request("POST", "/items", body)
		r.Header.Set(pontage.IdempotencyHeader, key)
		return d.do(r)
	}
	full := strings.Repeat("x", 64<<10)
	if got := ask(strings.NewReader(full), "k"); got.StatusCode != 200 || got.body != full {
		t.Errorf("64 KiB: %d, %d bytes", got.StatusCode, len(got.body))
	}
	for what, c := range map[string]struct {
		body  io.Reader
		key   string
		code  pontage.Code
		field string
	}{
		"one byte more": {strings.NewReader(full + "x"), "k", pontage.TooLarge, ""},
		"no length":     {io.MultiReader(strings.NewReader("x")), "k", pontage.InvalidInput, "Content-Length"},
		"a long key":    {strings.NewReader("x"), strings.Repeat("k", 256), pontage.InvalidInput, pontage.IdempotencyHeader},
		"an empty key":  {strings.NewReader("x"), "", pontage.InvalidInput, pontage.IdempotencyHeader},
	} {
		got := ask(c.body, c.key)
		if got.StatusCode != c.code.Failure().Status || got.envelope.Code != c.code || got.envelope.Field != c.field || got.Header.Get("Pontage-Charged") != "0" {
			t.Errorf("%s: %d %s", what, got.StatusCode, got.body)
		}
	}
	d.expect("settle 200")
	if n := len(d.meter.attempts); n != 1 || d.meter.attempts[0].Key == nil {
		t.Errorf("%d calls were decided: %+v", n, d.meter.attempts)
	}
}

// A body that breaks off before the call is decided costs nothing and holds nothing.
func TestABrokenBodyUnderAKeyCostsNothing(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) { t.Error("the upstream was called") }, nil)
	c := dialTo(t, d.server)
	_, err := io.WriteString(c, "POST /apis/"+apiHost+"/items HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+goodBearer+
		"\r\nIdempotency-Key: k\r\nContent-Length: 10\r\n\r\nhalf")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if e := d.ended(); e.code != pontage.Unavailable { // nobody is left to be told more
		t.Errorf("ended %+v", e)
	}
	d.expect()
	if len(d.meter.attempts) != 0 {
		t.Error("the call was decided")
	}
}
