package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// away is an instance whose PostgreSQL goes away in the middle of a call, for longer than the gateway tries.
type away struct {
	*instance
	cluster *pgtest.Cluster
	line    *line
	ends    chan callEnd
	// seen is closed when the partner has the first of the answer.
	seen chan struct{}
}

func newAway(t *testing.T, upstream func(*away, http.ResponseWriter)) *away {
	t.Helper()
	cluster, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Stop() })
	a := &away{cluster: cluster, ends: make(chan callEnd, 1), seen: make(chan struct{})}
	line, url := newLine(t, cluster, a.halt)
	a.line = line
	store, err := storage.Open(t.Context(), url, storage.Options{Clock: storagetest.Clock, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	proxy, err := gateway.NewProxyUpstream(gateway.ProxyConfig{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	a.instance = startWith(t, store, proxy, func(m *meter.Config, g *gateway.Config) {
		m.FoldEvery, m.ReapEvery = time.Hour, time.Hour // no commits but the call's, and no hold that ends by itself
		g.HoldMargin, g.Observer = 200*time.Millisecond, a
	})
	a.prepare(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { upstream(a, w) }), 1_000_000)
	return a
}

// CallEnded makes it an Observer.
func (a *away) CallEnded(host, route string, code pontage.Code, status int, payer pontage.Payer, _ time.Duration) {
	a.ends <- callEnd{host, route, code, status, payer}
}

// halt ends the database as a crash does.
func (a *away) halt() {
	if err := a.cluster.Halt(context.Background(), "immediate"); err != nil {
		a.t.Error(err)
	}
}

// What a partner was told is free is free in the books, whatever the database had taken when it went away, and although it stayed away
// for longer than the gateway tried.
func TestScenarioTheDatabaseIsAwayLongerThanTheGatewayTries(t *testing.T) {
	for _, c := range []struct {
		name     string
		upstream func(*away, http.ResponseWriter)
		status   int
		charged  string
		want     []pontage.OutcomeKind
	}{
		{"the charge is written and nobody is told", func(a *away, w http.ResponseWriter) {
			a.line.cutNext.Store(true)
			io.WriteString(w, "secret answer")
		}, 503, "0", []pontage.OutcomeKind{pontage.OutcomeSettled, pontage.OutcomeRefunded}},
		{"it goes away before the charge", func(a *away, w http.ResponseWriter) {
			a.halt()
			io.WriteString(w, "secret answer")
		}, 503, "0", []pontage.OutcomeKind{pontage.OutcomeReleased}},
		{"the upstream fails meanwhile", func(a *away, w http.ResponseWriter) {
			a.halt()
			w.WriteHeader(http.StatusInternalServerError)
		}, 500, "0", []pontage.OutcomeKind{pontage.OutcomeReleased}},
		{"the answer breaks off meanwhile", func(a *away, w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			<-a.seen
			a.halt()
			panic(http.ErrAbortHandler)
		}, 200, "0.05", []pontage.OutcomeKind{pontage.OutcomeSettled, pontage.OutcomeRefunded}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAway(t, c.upstream)
			id, status, charged := a.pay()
			if status != c.status || charged != c.charged {
				t.Errorf("%d, charged %s; want %d and %s", status, charged, c.status, c.charged)
			}
			<-a.ends
			if owed := a.meter.Counters().Owed; owed != 1 {
				t.Errorf("%d calls are owed", owed)
			}
			a.back()
			a.expectBooks(1_000_000)
			_, outcomes, err := a.meter.Call(t.Context(), a.by, id)
			a.must(err)
			if len(outcomes) != len(c.want) {
				t.Fatalf("ended by %+v, want %v", outcomes, c.want)
			}
			for n, o := range outcomes {
				if o.Kind != c.want[n] {
					t.Errorf("ended by %+v, want %v", outcomes, c.want)
				}
			}
		})
	}
}

// pay makes the call and reads what there is of its answer.
func (a *away) pay() (id pontage.CallID, status int, charged string) {
	a.t.Helper()
	r, err := http.NewRequest("GET", a.server.URL+"/apis/"+demo.Host+demo.PaidPath, nil)
	a.must(err)
	r.Header.Set("Authorization", "Bearer "+a.token(pontage.Limits{}).Bearer)
	res, err := a.server.Client().Do(r)
	a.must(err)
	close(a.seen)
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if strings.Contains(string(body), "secret") {
		a.t.Errorf("an answer was delivered that is not charged: %s", body)
	}
	return pontage.CallID(res.Header.Get("Pontage-Call-Id")), res.StatusCode, res.Header.Get("Pontage-Charged")
}

// A proxy that was told 503 although the charge was written is not charged for it.
func TestScenarioACheckNobodySawIsGivenBack(t *testing.T) {
	t.Parallel()
	a := newAway(t, func(*away, http.ResponseWriter) { t.Error("a check went upstream") })
	bearer, g := a.token(pontage.Limits{}).Bearer, a.gate()
	a.line.cutNext.Store(true)
	g.expect("the charge is written and nobody is told", g.check("GET", demo.PaidPath, bearer, firstID), "503", "0")
	if owed := a.meter.Counters().Owed; owed != 1 {
		t.Errorf("%d calls are owed", owed)
	}
	a.back()
	a.expectBooks(1_000_000)
	_, outcomes, err := a.meter.Call(t.Context(), a.by, "cal_gate-"+firstID)
	a.must(err)
	if len(outcomes) != 1 || outcomes[0].Kind != pontage.OutcomeRefunded {
		t.Errorf("ended by %+v", outcomes)
	}
}

// back starts the database again and waits until nothing is owed.
func (a *away) back() {
	a.t.Helper()
	a.must(a.cluster.Resume(a.t.Context()))
	patience, cancel := context.WithTimeout(a.t.Context(), 30*time.Second)
	defer cancel()
	a.must(a.meter.Drain(patience))
}
