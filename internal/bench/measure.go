package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/server"
)

// bench is one run of everything.
type bench struct {
	options
	folder, binary string
	yardsticks     map[string]*process
	clusters       []*pgtest.Cluster
	rows           []row
	pairs          []pair
	filledIn       []string
	starts         []start
	failures       int
}

// row is one measured case beside the yardstick measured right before it.
type row struct {
	benchCase
	engine    string
	figures   figures
	yard      figures
	processor time.Duration
	database  time.Duration
	resident  float64
}

// ratio is the path's share of the yardstick.
func (r row) ratio() float64 { return r.figures.perSecond() / r.yard.perSecond() }

// start is how an engine started, with the documents imported.
type start struct {
	engine    string
	documents int
	ready     time.Duration
	idle      float64
}

// startYardsticks starts the bare handler and, in front of a second one, the bare proxy.
func (b *bench) startYardsticks(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b.yardsticks = map[string]*process{}
	upstream := ""
	for _, name := range []string{"handler", "upstream", "proxy"} {
		address := freeAddress()
		arguments := []string{"yardstick", strings.Replace(name, "upstream", "handler", 1), address}
		if name == "proxy" {
			arguments = append(arguments, upstream)
		}
		p, err := launch(ctx, filepath.Join(b.folder, name+".log"), address, "/", self, arguments...)
		if err != nil {
			return err
		}
		b.yardsticks[name], upstream = p, p.url
	}
	return nil
}

func (b *bench) close() {
	for _, p := range b.yardsticks {
		p.kill()
	}
	for _, c := range b.clusters {
		_ = c.Stop()
	}
}

// config is the defaults of the binary but for addresses, database, and a rate so high that it is counted and never refuses.
func (b *bench) config(ctx context.Context, engine, name string) (server.Config, error) {
	c := server.Config{
		Data: filepath.Join(b.folder, engine+"-"+name), Domain: "pontage.localhost", Currency: "EUR", Migrate: true,
		MaxBody: 10 << 20, HeaderTimeout: 30 * time.Second, RatePerMinute: 60_000_000, DrainTimeout: 10 * time.Second, LogLevel: "info",
	}
	c.Production.Listen, c.Production.GateSecret = freeAddress(), gateSecret
	switch engine {
	case "sqlite":
	case "postgres":
		cluster, err := pgtest.Start(ctx)
		if err != nil {
			return c, err
		}
		b.clusters = append(b.clusters, cluster)
		c.Production.Database, c.Production.Keys = cluster.URL, server.NewKeyText()
	default:
		return c, fmt.Errorf("no engine %q", engine)
	}
	return c, c.Complete()
}

func (b *bench) measureEngine(ctx context.Context, engine string) error {
	c, err := b.config(ctx, engine, "empty")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s: preparing\n", engine)
	w, err := prepare(ctx, c, b.yardsticks["upstream"].url, 1)
	if err != nil {
		return err
	}
	if err := b.measureStart(ctx, engine, c); err != nil {
		return err
	}
	s, err := b.open(ctx, engine, "empty", c, w)
	if err != nil {
		return err
	}
	defer s.server.stop()
	for _, one := range cases(w) {
		if b.only.MatchString(one.name) {
			r, failed := b.measureRounds(ctx, s, one)
			err = errors.Join(err, failed)
			b.rows = append(b.rows, r)
		}
	}
	return err
}

// site is a server on a prepared database.
type site struct {
	engine, name, profiles string
	server                 *process
	world                  *world
}

func (b *bench) open(ctx context.Context, engine, name string, c server.Config, w *world) (*site, error) {
	s := &site{engine: engine, name: name, profiles: freeAddress(), world: w}
	var err error
	s.server, err = b.serve(ctx, c, "--pprof", s.profiles)
	return s, err
}

// serve starts the binary.
func (b *bench) serve(ctx context.Context, c server.Config, more ...string) (*process, error) {
	return launch(ctx, c.Data+".log", c.Production.Listen, "/readyz", b.binary, append([]string{
		"serve", "--only", "production", "--data", c.Data, "--listen", c.Production.Listen, "--database", c.Production.Database,
		"--keys", c.Production.Keys, "--rate-per-minute", fmt.Sprint(c.RatePerMinute), "--drain-delay", "0s", "--gate-secret", c.Production.GateSecret,
	}, more...)...)
}

// measureRounds gives the round in the middle by its share of the yardstick, and the most memory of all.
func (b *bench) measureRounds(ctx context.Context, s *site, one benchCase) (row, error) {
	var measured []row
	var err error
	most := 0.0
	for range b.rounds {
		r, failed := b.measure(ctx, s, one)
		err, most = errors.Join(err, failed), max(most, r.resident)
		measured = append(measured, r)
	}
	slices.SortFunc(measured, func(x, y row) int { return cmp.Compare(x.ratio(), y.ratio()) })
	middle := measured[b.rounds/2]
	middle.resident = most
	return middle, err
}

func (b *bench) measure(ctx context.Context, s *site, one benchCase) (row, error) {
	r := row{benchCase: one, engine: s.engine}
	file := filepath.Join(b.folder, "load.lua")
	yardstick := b.yardsticks[one.yardstick]
	var err error
	if r.yard, err = drive(ctx, file, yardstick.url, []request{{"GET", "/", nil, ""}}, max(b.duration/2, 2*time.Second)); err != nil {
		return r, err
	}
	if _, err := drive(ctx, file, s.server.url, one.requests, b.warmUp); err != nil {
		return r, err
	}
	if b.profiles != "" {
		go b.profile(s.engine+"-"+s.name, one.name, s.profiles)
	}
	before, databaseBefore := s.server.processor(), b.databaseProcessor()
	if r.figures, err = drive(ctx, file, s.server.url, one.requests, b.duration); err != nil {
		return r, err
	}
	f := r.figures
	r.resident = s.server.resident()
	r.processor = time.Duration(float64(s.server.processor()-before) / max(f.Requests, 1))
	r.database = time.Duration(float64(b.databaseProcessor()-databaseBefore) / max(f.Requests, 1))
	if f.Status+f.Socket > 0 || f.Requests == 0 {
		b.failures++
	}
	fmt.Fprintf(os.Stderr, "%-9s %-42s %8.0f/s  %.2f of %.0f/s  p50 %.1f p99 %.1f ms  %v + %v CPU  %.0f MiB  %v errors\n", s.engine, one.name,
		f.perSecond(), f.perSecond()/r.yard.perSecond(), r.yard.perSecond(), f.P50/1000, f.P99/1000, r.processor.Round(100), r.database.Round(100), r.resident, f.Status+f.Socket)
	return r, nil
}

// databaseProcessor gives the processor time of the database servers so far.
func (b *bench) databaseProcessor() (used time.Duration) {
	for _, c := range b.clusters {
		used += c.Processor()
	}
	return used
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9]+`)

// profile keeps where the processor's time goes during a case.
func (b *bench) profile(engine, name, address string) {
	res, err := http.Get(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", address, max(1, int(b.duration.Seconds())-1)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		return
	}
	defer res.Body.Close()
	out, err := os.Create(filepath.Join(b.options.profiles, engine+"-"+strings.Trim(unsafe.ReplaceAllString(name, "-"), "-")+".pprof"))
	if err == nil {
		_, err = io.Copy(out, res.Body)
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
	}
}
