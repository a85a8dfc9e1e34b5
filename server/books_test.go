package server

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// What the last verify found, and up to when the books are closed, can be watched; what is not known is absent, never zero.
func TestTheStandingOfTheBooksIsAMetric(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	ran := pontage.Verification{FinishedAt: at, Elapsed: 1500 * time.Millisecond, Differences: 3}
	for _, c := range []struct {
		name     string
		standing meter.Standing
		err      error
		want     map[string]float64
	}{
		{name: "never", want: map[string]float64{}},
		{name: "away", standing: meter.Standing{Verification: ran}, err: errors.New("away"), want: map[string]float64{}},
		{name: "known", standing: meter.Standing{Verification: ran, ClosedDay: "2026-11-19"}, want: map[string]float64{
			"pontage_verify_differences": 3, "pontage_verify_finished_timestamp_seconds": float64(at.Unix()), "pontage_verify_seconds": 1.5,
			"pontage_books_closed_timestamp_seconds": float64(at.Add(-12 * time.Hour).Unix()),
		}},
	} {
		registry := prometheus.NewRegistry()
		registry.MustRegister(newBooksMetrics(func(context.Context) (meter.Standing, error) { return c.standing, c.err }))
		families, err := registry.Gather()
		got := map[string]float64{}
		for _, f := range families {
			got[f.GetName()] = f.GetMetric()[0].GetGauge().GetValue()
		}
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// Work of low priority gives its error back.
func TestWorkBelowAllGivesItsError(t *testing.T) {
	want := errors.New("mine")
	if err := belowAll(func() error { return want }); err != want {
		t.Error(err)
	}
}
