package server_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/server"
)

// onPostgres gives the configuration of one process: both instances on PostgreSQL, keys from the configuration.
func onPostgres(t *testing.T, production, sandbox string, keys [2]string) server.Config {
	t.Helper()
	c := defaults(t.TempDir() + "/not made yet")
	c.Production = server.Endpoint{Listen: loopback.FreeAddress(t), Database: production, Keys: keys[0]}
	c.Sandbox = server.Endpoint{Listen: loopback.FreeAddress(t), Database: sandbox, Keys: keys[1]}
	return c
}

// Two processes that start together on the same fresh databases serve as one: what a wallet is worth is spent exactly.
func TestProcessesShareOnePostgreSQL(t *testing.T) {
	production, sandbox := pgtest.URL(t), pgtest.URL(t)
	keys := [2]string{server.NewKeyText(), server.NewKeyText()}
	var processes [2]*platform
	var starting sync.WaitGroup
	for n := range processes {
		processes[n] = &platform{T: t, config: onPostgres(t, production, sandbox, keys)}
		starting.Go(func() {
			p := processes[n]
			all, stop, err := start(p.config, server.Options{Demo: true})
			if err != nil {
				t.Errorf("process %d did not start: %v", n, err)
				return
			}
			p.production, p.sandbox, p.stop = all[0], all[1], stop
		})
	}
	starting.Wait()
	for _, p := range processes {
		if p.stop == nil {
			t.FailNow()
		}
		defer p.stop()
	}
	one, other := processes[0], processes[1]
	if one.credit(one.sandbox) != "10" || other.credit(other.production) != "10" {
		t.Errorf("the demo's credit was given twice, or not at all")
	}
	bearer := one.token(one.production)
	var paid, refused atomic.Int64
	var calls sync.WaitGroup
	for _, p := range processes {
		for range 10 {
			calls.Go(func() {
				for range 11 {
					switch a, err := ask(t.Context(), "GET", p.paidURL(), bearer, ""); {
					case a.Status == 200:
						paid.Add(1)
					case a.Status == 402:
						refused.Add(1)
					default:
						t.Errorf("%d %s %v", a.Status, a.Raw, err)
					}
				}
			})
		}
	}
	calls.Wait()
	if paid.Load() != 200 || refused.Load() != 20 || one.credit(one.production) != "0" {
		t.Errorf("%d paid, %d refused, credit %s", paid.Load(), refused.Load(), one.credit(one.production))
	}
	for _, p := range processes {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	}
	one.books()
}

func (p *platform) paidURL() string {
	return p.production.URL + "/apis/" + p.production.Demo.Host + p.production.Demo.Path
}

// While the database is away nothing is served and nothing charged; when it is back, the same process serves again.
func TestADatabaseOutageIsSurvived(t *testing.T) {
	way := newWay(t, pgtest.URL(t))
	c := onPostgres(t, way.url, pgtest.URL(t), [2]string{server.NewKeyText(), server.NewKeyText()})
	all, stop, err := start(c, server.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	p := &platform{T: t, config: c, production: all[0], sandbox: all[1]}
	defer stop()
	bearer, rested := p.token(p.production), p.token(p.production) // the callers may use up the rate of theirs
	const credit = 1_000_000_000                                   // more than callers can spend until the database goes away
	i := open(t, c, server.Production)
	a, err := i.Store.AccountByEmail(t.Context(), p.production.Demo.Email)
	if err == nil {
		_, err = i.Meter.Credit(t.Context(), pontage.Operator(), a.ID, credit-10_000_000, "Top-up")
	}
	if err != nil {
		t.Fatal(err)
	}

	var paid atomic.Int64
	var calls sync.WaitGroup
	ctx, over := context.WithCancel(t.Context())
	for range 4 { // callers that do not care
		calls.Go(func() {
			for n := 0; n < 20 || ctx.Err() == nil; n++ {
				switch a, err := ask(t.Context(), "GET", p.paidURL(), bearer, ""); a.Status {
				case 200:
					paid.Add(1)
				case 402, 429, 503:
				default:
					t.Errorf("%d %s %v", a.Status, a.Raw, err)
				}
			}
		})
	}
	p.waitFor("/readyz", 200)
	way.close()
	p.waitFor("/readyz", 503)
	if a := p.ask("GET", p.production.URL+"/livez", "", ""); a.Status != 200 {
		t.Errorf("the process counts as dead: %d", a.Status)
	}
	if a := p.ask("GET", p.paidURL(), rested, ""); a.Status != 503 || a.Header.Get("Pontage-Charged") != "0" {
		t.Errorf("a call without a database: %d %s", a.Status, a.Raw)
	}
	if a := p.ask("GET", p.sandbox.URL+"/readyz", "", ""); a.Status != 200 {
		t.Errorf("the sandbox has a database of its own: %d", a.Status)
	}
	back := time.Now()
	way.open()
	p.waitFor("/readyz", 200)
	p.waitFor("/scopes", 200)
	if away := time.Since(back); away > 5*time.Second {
		t.Errorf("it took %s to serve again", away)
	}
	over()
	calls.Wait()
	if err := stop(); err != nil {
		t.Error(err)
	}
	spent := pontage.Money(paid.Load()) * p.production.Demo.Price
	if w := p.books(); w.Balance != credit-spent {
		t.Errorf("%d answers at %s left a balance of %s", paid.Load(), p.production.Demo.Price, w.Balance)
	}
}

// waitFor asks until the answer is there, or the test's time is over.
func (p *platform) waitFor(path string, status int) {
	p.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		a := p.ask("GET", p.production.URL+path, basic(p.production), "")
		if a.Status == status {
			return
		}
		if time.Now().After(deadline) {
			p.Fatalf("%s is %d, not %d: %s", path, a.Status, status, a.Raw)
		}
	}
}

// way leads to a database and can be closed: everyone on it is cut off, and nobody gets through until it is opened again.
type way struct {
	t           *testing.T
	url         string
	from, to    string
	mu          sync.Mutex
	socket      net.Listener
	connections []net.Conn
}

func newWay(t *testing.T, database string) *way {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	w := &way{t: t, from: loopback.FreeAddress(t), to: u.Host}
	u.Host = w.from
	w.url = u.String()
	w.open()
	t.Cleanup(w.close)
	return w
}

func (w *way) open() {
	socket, err := net.Listen("tcp", w.from)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.socket = socket
	w.mu.Unlock()
	go func() {
		for {
			in, err := socket.Accept()
			if err != nil {
				return
			}
			go w.join(socket, in)
		}
	}()
}

// join leads on who came in by a socket, unless that was closed meanwhile.
func (w *way) join(by net.Listener, in net.Conn) {
	out, err := net.Dial("tcp", w.to)
	if err != nil {
		in.Close()
		return
	}
	w.mu.Lock()
	open := w.socket == by
	if open {
		w.connections = append(w.connections, in, out)
	}
	w.mu.Unlock()
	if !open {
		in.Close()
		out.Close()
		return
	}
	go func() {
		io.Copy(out, in)
		out.Close()
	}()
	io.Copy(in, out)
	in.Close()
}

func (w *way) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.socket != nil {
		w.socket.Close()
	}
	w.socket = nil
	for _, c := range w.connections {
		c.Close()
	}
	w.connections = nil
}
