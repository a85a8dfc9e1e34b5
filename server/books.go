package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pontage/pontage/meter"
)

// verifyLook is how often it is looked whether a run of verify is due.
const verifyLook = time.Minute

// verifyDaily proves the books when the last run on any instance is old enough, below everything else, until ctx ends.
func (i *Instance) verifyDaily(ctx context.Context) error {
	if i.Config.VerifyEvery <= 0 {
		return nil
	}
	ticker := time.NewTicker(verifyLook)
	defer ticker.Stop()
	for {
		err := belowAll(func() error {
			_, err := i.Meter.VerifyIfDue(ctx, i.Config.VerifyEvery)
			return err
		})
		if err != nil && ctx.Err() == nil {
			i.log.Warn("could not verify the books", slog.String("error", err.Error()))
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// standingTimeout bounds what a scrape waits for the database.
const standingTimeout = time.Second

// booksMetrics show what the last run of verify found and how far the books are closed. They are read when Prometheus asks, so that a
// run on another instance or by the command line shows at once; while the database is away they are absent.
type booksMetrics struct {
	read        func(context.Context) (meter.Standing, error)
	differences *prometheus.Desc
	finished    *prometheus.Desc
	elapsed     *prometheus.Desc
	closed      *prometheus.Desc
}

func newBooksMetrics(read func(context.Context) (meter.Standing, error)) *booksMetrics {
	describe := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &booksMetrics{
		read:        read,
		differences: describe("pontage_verify_differences", "What the last run of verify found unequal; 0 is right."),
		finished:    describe("pontage_verify_finished_timestamp_seconds", "When the last run of verify ended."),
		elapsed:     describe("pontage_verify_seconds", "How long the last run of verify took."),
		closed:      describe("pontage_books_closed_timestamp_seconds", "Up to when the books are closed: the end of the last closed day."),
	}
}

// Describe is prometheus.Collector's.
func (b *booksMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{b.differences, b.finished, b.elapsed, b.closed} {
		out <- d
	}
}

// Collect is prometheus.Collector's.
func (b *booksMetrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), standingTimeout)
	defer cancel()
	s, err := b.read(ctx)
	if err != nil {
		return
	}
	gauge := func(d *prometheus.Desc, value float64) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	if v := s.Verification; !v.FinishedAt.IsZero() {
		gauge(b.differences, float64(v.Differences))
		gauge(b.finished, float64(v.FinishedAt.Unix()))
		gauge(b.elapsed, v.Elapsed.Seconds())
	}
	if day, err := time.Parse(time.DateOnly, string(s.ClosedDay)); err == nil {
		gauge(b.closed, float64(day.AddDate(0, 0, 1).Unix()))
	}
}
