package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pontage/pontage/fill"
	"github.com/pontage/pontage/server"
)

// activeTokens is how many tokens each of the thousand accounts uses in the run with many active ones.
const activeTokens = 100

// pair is a case on two databases, measured right after each other.
type pair struct {
	few, many row
	active    bool
}

// factor is how much slower the second one is, each beside the yardstick measured right before it: the machine itself changes its speed.
func (p pair) factor() float64 { return p.few.ratio() / p.many.ratio() }

// allowed is the factor a filled database may cost.
const allowed = 1.3

// compareEngine measures every case on an empty and on a filled database in turn, then those that depend on it with a thousand and with
// a hundred thousand active tokens.
func (b *bench) compareEngine(ctx context.Context, engine string) error {
	empty, err := b.site(ctx, engine, "empty", 1, false)
	if err != nil {
		return err
	}
	defer empty.server.stop()
	filled, err := b.site(ctx, engine, "filled", 1, true)
	if err != nil {
		return err
	}
	err = b.compare(ctx, empty, filled, cases, false)
	filled.server.stop()
	if err != nil {
		return err
	}
	active, err := b.site(ctx, engine, "active", activeTokens, false)
	if err != nil {
		return err
	}
	defer active.server.stop()
	return b.compare(ctx, empty, active, activeCases, true)
}

func (b *bench) compare(ctx context.Context, few, many *site, cases func(*world) []benchCase, active bool) (err error) {
	other := cases(many.world)
	for i, one := range cases(few.world) {
		if !b.only.MatchString(one.name) {
			continue
		}
		var measured []pair
		for range b.rounds {
			p := pair{active: active}
			var first, second error
			p.few, first = b.measure(ctx, few, one)
			p.many, second = b.measure(ctx, many, other[i])
			err = errors.Join(err, first, second)
			measured = append(measured, p)
		}
		slices.SortFunc(measured, func(x, y pair) int { return cmp.Compare(x.factor(), y.factor()) })
		b.pairs = append(b.pairs, measured[b.rounds/2])
		fmt.Fprintf(os.Stderr, "%-9s %-42s factor %.2f\n", few.engine, one.name, measured[b.rounds/2].factor())
	}
	return err
}

// site prepares a database, filled or not, and starts a server on it.
func (b *bench) site(ctx context.Context, engine, name string, tokens int, filled bool) (*site, error) {
	c, err := b.config(ctx, engine, name)
	if err != nil {
		return nil, err
	}
	if filled {
		fmt.Fprintf(os.Stderr, "%s: filling with %d tokens and %d calls\n", engine, b.plan.Tokens, b.plan.Calls)
		report, err := server.Fill(ctx, c, server.Production, "bench", slog.New(slog.DiscardHandler), b.plan, func(fill.Progress) {})
		if err != nil {
			return nil, err
		}
		proved, err := proveBooks(ctx, c)
		if err != nil {
			return nil, err
		}
		b.filledIn = append(b.filledIn, fmt.Sprintf("%s in %s, verify: equal in %s", engine, report.Elapsed.Round(time.Second), proved.Round(time.Second)))
	}
	fmt.Fprintf(os.Stderr, "%s, %s: preparing\n", engine, name)
	w, err := prepare(ctx, c, b.yardsticks["upstream"].url, tokens)
	if err != nil {
		return nil, err
	}
	return b.open(ctx, engine, name, c, w)
}

// proveBooks verifies the filled books. A server would begin with it: it is due.
func proveBooks(ctx context.Context, c server.Config) (time.Duration, error) {
	i, err := server.Open(ctx, c, server.Production, "bench", slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, err
	}
	defer i.Close()
	began := time.Now()
	found, err := i.Meter.Verify(ctx)
	if err == nil && len(found) > 0 {
		err = fmt.Errorf("%d differences after the filling, the first: %+v", len(found), found[0])
	}
	return time.Since(began), err
}

// reportFilled is the tables of the comparison in Markdown.
func (b *bench) reportFilled(ctx context.Context) string {
	var t strings.Builder
	t.WriteString(b.circumstances(ctx, "make bench-filled"))
	fmt.Fprintf(&t, "\nFilled: %d tokens, %d calls on record, %d days of statistics and closings (%s). The active set is the same 1,000 wallets.\n\n",
		b.plan.Tokens, b.plan.Calls, b.plan.Days, strings.Join(b.filledIn, ", "))
	comparison(&t, b.pairs, false, "empty", "filled")
	fmt.Fprintf(&t, "\nActive tokens: %d accounts with one each, and with %d each.\n\n", accounts, activeTokens)
	comparison(&t, b.pairs, true, "1,000 active", "100,000 active")
	return t.String()
}

func comparison(t *strings.Builder, pairs []pair, active bool, few, many string) {
	fmt.Fprintf(t, "| path | engine | %s/s (of the yardstick) | %s/s (of the yardstick) | factor | p99 ms | p99 ms | CPU µs | CPU µs | RSS MiB | RSS MiB | errors |\n", few, many)
	t.WriteString("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, p := range pairs {
		if p.active != active {
			continue
		}
		mark := ""
		if !active {
			mark = " met"
			if p.factor() > allowed {
				mark = " not met"
			}
		}
		micros := func(r row) float64 { return float64(r.processor.Nanoseconds()) / 1000 }
		f, m := p.few.figures, p.many.figures
		fmt.Fprintf(t, "| %s | %s | %.0f (%.3f) | %.0f (%.3f) | **%.2f**%s | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f |\n", p.few.name, p.few.engine,
			f.perSecond(), p.few.ratio(), m.perSecond(), p.many.ratio(), p.factor(), mark, f.P99/1000, m.P99/1000, micros(p.few), micros(p.many), p.few.resident, p.many.resident,
			f.Status+f.Socket+m.Status+m.Socket)
	}
}
