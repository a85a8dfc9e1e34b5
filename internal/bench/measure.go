package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
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
	cluster        *pgtest.Cluster
	rows           []row
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
	resident  float64
}

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
	if b.cluster != nil {
		_ = b.cluster.Stop()
	}
}

// config is the defaults of the binary but for addresses, database, and a rate so high that it is counted and never refuses.
func (b *bench) config(ctx context.Context, engine string) (server.Config, error) {
	c := server.Config{
		Data: filepath.Join(b.folder, engine), Domain: "pontage.localhost", Currency: "EUR", Migrate: true,
		MaxBody: 10 << 20, HeaderTimeout: 30 * time.Second, RatePerMinute: 60_000_000, DrainTimeout: 10 * time.Second, LogLevel: "info",
	}
	c.Production.Listen, c.Production.GateSecret = freeAddress(), gateSecret
	switch engine {
	case "sqlite":
	case "postgres":
		var err error
		if b.cluster, err = pgtest.Start(ctx); err != nil {
			return c, err
		}
		c.Production.Database, c.Production.Keys = b.cluster.URL, server.NewKeyText()
	default:
		return c, fmt.Errorf("no engine %q", engine)
	}
	return c, c.Complete()
}

func (b *bench) measureEngine(ctx context.Context, engine string) error {
	c, err := b.config(ctx, engine)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s: preparing\n", engine)
	w, err := prepare(ctx, c, b.yardsticks["upstream"].url)
	if err != nil {
		return err
	}
	if err := b.measureStart(ctx, engine, c); err != nil {
		return err
	}
	profiles := freeAddress()
	p, err := b.serve(ctx, c, "--pprof", profiles)
	if err != nil {
		return err
	}
	defer p.stop()
	for _, one := range cases(w) {
		if b.only.MatchString(one.name) {
			err = errors.Join(err, b.measure(ctx, engine, p, one, profiles))
		}
	}
	return err
}

// serve starts the binary.
func (b *bench) serve(ctx context.Context, c server.Config, more ...string) (*process, error) {
	return launch(ctx, c.Data+".log", c.Production.Listen, "/readyz", b.binary, append([]string{
		"serve", "--only", "production", "--data", c.Data, "--listen", c.Production.Listen, "--database", c.Production.Database,
		"--keys", c.Production.Keys, "--rate-per-minute", fmt.Sprint(c.RatePerMinute), "--drain-delay", "0s", "--gate-secret", c.Production.GateSecret,
	}, more...)...)
}

func (b *bench) measure(ctx context.Context, engine string, p *process, one benchCase, profiles string) error {
	file := filepath.Join(b.folder, "load.lua")
	yardstick := b.yardsticks[one.yardstick]
	yard, err := drive(ctx, file, yardstick.url, []request{{"GET", "/", nil, ""}}, max(b.duration/2, 2*time.Second))
	if err != nil {
		return err
	}
	if _, err := drive(ctx, file, p.url, one.requests, b.warmUp); err != nil {
		return err
	}
	if b.profiles != "" {
		go b.profile(engine, one.name, profiles)
	}
	before := p.processor()
	f, err := drive(ctx, file, p.url, one.requests, b.duration)
	if err != nil {
		return err
	}
	r := row{benchCase: one, engine: engine, figures: f, yard: yard, resident: p.resident()}
	r.processor = time.Duration(float64(p.processor()-before) / max(f.Requests, 1))
	b.rows = append(b.rows, r)
	if f.Status+f.Socket > 0 || f.Requests == 0 {
		b.failures++
	}
	fmt.Fprintf(os.Stderr, "%-9s %-42s %8.0f/s  %.2f of %.0f/s  p50 %.1f p99 %.1f ms  %v CPU  %.0f MiB  %v errors\n", engine, one.name,
		f.perSecond(), f.perSecond()/yard.perSecond(), yard.perSecond(), f.P50/1000, f.P99/1000, r.processor.Round(100), r.resident, f.Status+f.Socket)
	return nil
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
