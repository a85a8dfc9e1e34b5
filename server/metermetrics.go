package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/pontage/pontage/meter"
)

// meterMetrics shows the meter's counters when Prometheus asks; the meter itself counts without it.
type meterMetrics struct {
	read     func() meter.Counters
	events   *prometheus.Desc
	refusals *prometheus.Desc
	queued   *prometheus.Desc
	owed     *prometheus.Desc
}

func newMeterMetrics(read func() meter.Counters) *meterMetrics {
	return &meterMetrics{
		read: read,
		events: prometheus.NewDesc("pontage_meter_events_total",
			"What the meter did: calls admitted, settled, released, refunded, holds reaped, batches written, log rows folded, days closed, old calls deleted, …", []string{"event"}, nil),
		refusals: prometheus.NewDesc("pontage_meter_refusals_total", "Calls the meter refused, by code.", []string{"code"}, nil),
		queued:   prometheus.NewDesc("pontage_meter_queued", "Calls and endings waiting for their batch.", nil, nil),
		owed:     prometheus.NewDesc("pontage_meter_owed", "Calls to be given back that the database did not take yet.", nil, nil),
	}
}

// Describe is prometheus.Collector's.
func (m *meterMetrics) Describe(out chan<- *prometheus.Desc) {
	out <- m.events
	out <- m.refusals
	out <- m.queued
	out <- m.owed
}

// Collect is prometheus.Collector's.
func (m *meterMetrics) Collect(out chan<- prometheus.Metric) {
	c := m.read()
	for event, n := range map[string]int64{
		"admitted": c.Admitted, "settled": c.Settled, "released": c.Released, "refunded": c.Refunded, "stale": c.Stale,
		"repeated": c.Repeated, "reaped": c.Reaped, "unlogged": c.Unlogged, "batch": c.Batches, "isolated": c.Isolated,
		"overflow": c.Overflows, "folded": c.Folded, "closed": c.Closed, "deleted": c.Deleted,
	} {
		out <- prometheus.MustNewConstMetric(m.events, prometheus.CounterValue, float64(n), event)
	}
	for code, n := range c.Refused {
		out <- prometheus.MustNewConstMetric(m.refusals, prometheus.CounterValue, float64(n), string(code))
	}
	out <- prometheus.MustNewConstMetric(m.queued, prometheus.GaugeValue, float64(c.Queued))
	out <- prometheus.MustNewConstMetric(m.owed, prometheus.GaugeValue, float64(c.Owed))
}
