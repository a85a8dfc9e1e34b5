package server_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/server"
)

// slowAPI is a real upstream that tells when a paid call has arrived and answers it once it is let go.
type slowAPI struct {
	*httptest.Server
	arrived, letGo chan struct{}
}

func newSlowAPI(t *testing.T) *slowAPI {
	t.Helper()
	s := &slowAPI{arrived: make(chan struct{}, 1), letGo: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == demo.PaidPath {
			s.arrived <- struct{}{}
			<-s.letGo
		}
		io.WriteString(w, "done")
	}))
	t.Cleanup(s.Close)
	return s
}

// open gives an instance that does not serve, for looking into its books and for what an operator does.
func open(t *testing.T, c server.Config, name string) *server.Instance {
	t.Helper()
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	i, err := server.Open(t.Context(), c, name, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// at puts the demo API somewhere else.
func (s *slowAPI) at(t *testing.T, c server.Config) {
	t.Helper()
	i := open(t, c, server.Production)
	_, err := i.Catalog.Import(t.Context(), pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "demo", Data: demo.Document()}}, Prices: demo.Prices(),
		Upstream: catalog.UpstreamMap{Default: s.URL},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// callInFlight is a paid call that waits for its upstream while the platform is told to stop.
func callInFlight(t *testing.T, drainTimeout time.Duration) (p *platform, api *slowAPI, answered chan answer, stopped chan error) {
	t.Helper()
	c := defaults(t.TempDir())
	c.Production.Listen, c.Sandbox.Listen = loopback.FreeAddress(t), loopback.FreeAddress(t)
	c.DrainTimeout = drainTimeout
	return callInFlightOn(t, c)
}

// callInFlightOn is callInFlight with a configuration of the test's own.
func callInFlightOn(t *testing.T, c server.Config) (p *platform, api *slowAPI, answered chan answer, stopped chan error) {
	t.Helper()
	api = newSlowAPI(t)
	p = &platform{T: t, config: c}
	all, stop, err := start(p.config, server.Options{Demo: true, Only: server.Production})
	if err != nil {
		t.Fatal(err)
	}
	p.production = all[0]
	bearer := p.token(p.production)
	api.at(t, p.config)
	gateway := p.production.URL + "/apis/" + p.production.Demo.Host
	for string(p.ask("GET", gateway+demo.FreePath, bearer, "").Raw) != "done" { // until the new upstream is known
	}
	answered, stopped = make(chan answer, 1), make(chan error, 1)
	go func() {
		a, _ := ask(t.Context(), "GET", gateway+demo.PaidPath, bearer, "")
		answered <- a
	}()
	<-api.arrived
	go func() { stopped <- stop() }()
	for { // draining has begun once nobody is let in any more
		conn, err := net.Dial("tcp", p.config.Production.Listen)
		if err != nil {
			return p, api, answered, stopped
		}
		conn.Close()
	}
}

// books reads the demo account's wallet and the proof of all books from the stopped platform's database.
func (p *platform) books() *pontage.Wallet {
	p.Helper()
	i := open(p.T, p.config, server.Production)
	a, err := i.Store.AccountByEmail(p.Context(), p.production.Demo.Email)
	if err != nil {
		p.Fatal(err)
	}
	w, err := i.Store.Wallet(p.Context(), a.ID)
	if err != nil {
		p.Fatal(err)
	}
	if differences, err := i.Meter.Verify(p.Context()); err != nil || len(differences) > 0 {
		p.Errorf("the books differ: %v %v", differences, err)
	}
	return w
}

// A stop waits for a call that is under way: it is answered, charged and booked, and the platform ends without an error.
func TestAStopFinishesTheCallsInFlight(t *testing.T) {
	p, api, answered, stopped := callInFlight(t, 25*time.Second)
	select {
	case err := <-stopped:
		t.Fatalf("stopped while a call was under way: %v", err)
	default:
	}
	close(api.letGo)
	a := <-answered
	if a.Status != 200 || string(a.Raw) != "done" || a.Header.Get("Pontage-Charged") != p.production.Demo.Price.String() {
		t.Errorf("%d %s %v", a.Status, a.Raw, a.Header)
	}
	if err := <-stopped; err != nil {
		t.Errorf("not a clean stop: %v", err)
	}
	w, i := p.books(), open(t, p.config, server.Production)
	_, outcomes, err := i.Store.Call(t.Context(), pontage.CallID(a.Header.Get("Pontage-Call-Id")))
	if err != nil || len(outcomes) != 1 || outcomes[0].Kind != pontage.OutcomeSettled || w.Held != 0 {
		t.Errorf("%v %+v, held %s", err, outcomes, w.Held)
	}
}

// A call that does not end in time is cut off, and the stop says so; what it held stays held until the hold expires, never charged.
func TestAStopIsBoundedInTime(t *testing.T) {
	p, api, answered, stopped := callInFlight(t, 200*time.Millisecond)
	begun := time.Now()
	before := p.books()
	err := <-stopped
	if err == nil || !strings.Contains(err.Error(), "production") || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
	if a := <-answered; a.Status != 0 {
		t.Errorf("a call that was cut off was answered with %d", a.Status)
	}
	close(api.letGo)
	if w := p.books(); w.Held != p.production.Demo.Price || w.Balance != before.Balance {
		t.Errorf("held %s, balance %s after %s", w.Held, w.Balance, before.Balance)
	}
}

// A stop that falls into an outage waits for the database within its time: a partner who was told that his call is free gets back what it
// holds, or was charged.
func TestAStopGivesBackWhatIsOwed(t *testing.T) {
	t.Parallel()
	way := newWay(t, pgtest.URL(t))
	p, api, answered, stopped := callInFlightOn(t, onPostgres(t, way.url, pgtest.URL(t), [2]string{server.NewKeyText(), server.NewKeyText()}))
	before := p.books()
	way.close()
	close(api.letGo)
	if a := <-answered; a.Status != 503 || a.Header.Get("Pontage-Charged") != "0" {
		t.Errorf("%d %s, charged %s", a.Status, a.Raw, a.Header.Get("Pontage-Charged"))
	}
	select {
	case err := <-stopped:
		t.Fatalf("it stopped while a call was owed: %v", err)
	default:
	}
	way.open()
	if err := <-stopped; err != nil {
		t.Errorf("not a clean stop: %v", err)
	}
	if w := p.books(); before.Held != p.production.Demo.Price || w.Held != 0 || w.Balance != before.Balance {
		t.Errorf("held %s, then %s; balance %s, then %s", before.Held, w.Held, before.Balance, w.Balance)
	}
}
