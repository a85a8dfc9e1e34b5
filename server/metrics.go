package server

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/pontage/pontage"
)

// metrics are an instance's Prometheus series. Labels are bounded: methods, statuses, API hosts, codes, payers; no tenant.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	// byStatus are the series of requests that were needed so far, by method and status.
	byStatus [len(knownMethods) + 1][1000]atomic.Pointer[prometheus.Observer]
	calls    *prometheus.CounterVec
	upstream *prometheus.HistogramVec
}

func newMetrics(instance, version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pontage_http_request_seconds", Help: "Requests by method and status.", Buckets: prometheus.DefBuckets,
		}, []string{"method", "status"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "pontage_calls_total", Help: "Partners' calls by API host, refusal code ('' when admitted) and payer.",
		}, []string{"host", "code", "payer"}),
		upstream: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pontage_call_seconds", Help: "Duration of admitted calls by API host.", Buckets: prometheus.DefBuckets,
		}, []string{"host"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "pontage_info", Help: "Always 1; says which instance and version this is.",
		ConstLabels: prometheus.Labels{"instance_name": instance, "version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.calls, m.upstream, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

var knownMethods = [...]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

func (m *metrics) request(method string, status int, elapsed time.Duration) {
	known := slices.Index(knownMethods[:], method)
	if known < 0 {
		known, method = len(knownMethods), "other"
	}
	status = min(max(status, 0), 999)
	series := &m.byStatus[known][status]
	observer := series.Load()
	if observer == nil {
		found := m.requests.WithLabelValues(method, strconv.Itoa(status))
		observer = &found
		series.Store(observer)
	}
	(*observer).Observe(elapsed.Seconds())
}

// CallEnded counts one call of the gateway; host and route come from the catalogue, both are "" where nothing matched.
func (m *metrics) CallEnded(host, _ string, code pontage.Code, _ int, payer pontage.Payer, elapsed time.Duration) {
	m.calls.WithLabelValues(host, string(code), string(payer)).Inc()
	if code == "" {
		m.upstream.WithLabelValues(host).Observe(elapsed.Seconds())
	}
}
