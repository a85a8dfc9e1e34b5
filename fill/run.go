package fill

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// Config is what a run needs.
type Config struct {
	Bulk    Bulk
	Catalog *pontage.Catalog
	// Keys sign the closed days and name themselves in what looks like hashes.
	Keys  *pontage.KeyRing
	Clock pontage.Clock
	// Progress is told after each day; nil is none.
	Progress func(Progress)
}

// run is one filling.
type run struct {
	plan     Plan
	bulk     Bulk
	random   *rand.Rand
	products [len(segments)]product
	keyID    string
	sign     func(pontage.Closing, []byte, []pontage.ClosedTotal) (string, []byte)
	begin    time.Time
	set      pontage.ScopeSetID

	customers          []*customer
	books              *books
	turn               int
	sequence, outcomes int64
	closed             pontage.Closing
	report             Report
}

// foldRows is how many calls one fold of the platform took.
const foldRows = 2000

// Run makes the data of the plan in an empty database that has the catalogue of Document and Prices.
func Run(ctx context.Context, c Config, p Plan) (*Report, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	r, err := newRun(c, p)
	if err != nil {
		return nil, err
	}
	began := c.Clock.Now()
	err = first(
		func() error { return r.people(ctx) },
		func() error { return r.days(ctx, c.Progress) },
		func() error { return r.finish(ctx) },
	)
	r.report.Elapsed = c.Clock.Now().Sub(began)
	return &r.report, err
}

// days makes them, while those made before are written.
func (r *run) days(ctx context.Context, progress func(Progress)) error {
	made := make(chan *day, 2)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(made)
		for n := range r.plan.Days {
			select {
			case made <- r.live(n):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		for d := range made {
			if err := r.write(ctx, d); err != nil {
				return err
			}
			if progress != nil {
				progress(Progress{Day: d.number + 1, Days: r.plan.Days, Calls: d.lastCall, Total: r.plan.Calls})
			}
		}
		return nil
	})
	return group.Wait()
}

func newRun(c Config, p Plan) (*run, error) {
	found, err := products(c.Catalog)
	if err != nil {
		return nil, err
	}
	end := c.Clock.Now().UTC().Truncate(24 * time.Hour)
	r := &run{
		plan: p, bulk: c.Bulk, random: rand.New(rand.NewPCG(p.Seed, 1)), products: found, books: newBooks(), begin: end.AddDate(0, 0, -p.Days),
		sign: func(closing pontage.Closing, previous []byte, totals []pontage.ClosedTotal) (string, []byte) {
			return meter.SignClosing(c.Keys, closing, previous, totals)
		},
	}
	r.keyID, _ = c.Keys.Hash("")
	r.set = pontage.NewScopeSetID(r.begin)
	r.report.First, r.report.Last = pontage.DayOf(r.begin), pontage.DayOf(end.AddDate(0, 0, -1))
	return r, nil
}

func (r *run) dayBegin(number int) time.Time { return r.begin.AddDate(0, 0, number) }

// hash is as long as one and fits no text.
func (r *run) hash() []byte {
	b := make([]byte, 0, 32)
	for range 4 {
		b = binary.BigEndian.AppendUint64(b, rand.Uint64())
	}
	return b
}

// write puts a day into the database.
func (r *run) write(ctx context.Context, d *day) error {
	outcomes := make([]pontage.Outcome, len(d.tail.Outcomes))
	for i := range d.tail.Outcomes {
		outcomes[i] = d.tail.Outcomes[i].Outcome
	}
	r.report.Calls += int64(len(d.tail.Calls))
	r.report.Outcomes += int64(len(outcomes))
	r.report.Transfers += int64(len(d.transfers))
	for calls := range slices.Chunk(d.tail.Calls, foldRows) {
		if err := r.bulk.Calls(ctx, calls); err != nil {
			return err
		}
	}
	return first(
		func() error { return r.bulk.Outcomes(ctx, outcomes) },
		func() error { return r.bulk.Transfers(ctx, d.transfers) },
		func() error { return r.writeTokens(ctx, d.retired) },
		func() error { return r.writeLines(ctx, d.lines) },
		func() error { return r.bulk.UsageDays(ctx, d.changes.Days) },
		func() error { return r.bulk.Errors(ctx, d.changes.Errors) },
		func() error {
			c, totals := r.close(d)
			return r.bulk.Closing(ctx, c, totals)
		},
	)
}

// finish writes what is still open, and the mark that says that all is there.
func (r *run) finish(ctx context.Context) error {
	var current []*token
	for _, c := range r.customers {
		current = append(current, c.current...)
	}
	return first(
		func() error { return r.writeTokens(ctx, current) },
		func() error { return r.settleUp(ctx) },
		func() error {
			name := fmt.Sprintf(markDone+"%d accounts, %d tokens and %d calls on %d days up to %s",
				r.report.Accounts, r.report.Tokens, r.report.Calls, r.plan.Days, r.report.Last)
			return r.bulk.RenameAccount(ctx, r.customers[0].account, name)
		},
		func() error { return r.bulk.Finish(ctx, r.sequence, r.outcomes) },
	)
}
