package gateway

import (
	"net/http"
	"time"
)

// past is a deadline that is over: set on a connection, it ends what is waiting there.
var past = time.Unix(1, 0)

// watch runs a function if something takes longer than it may. It needs no clock, only a timer; its zero value watches nothing.
type watch struct {
	timer *time.Timer
	limit time.Duration
}

func newWatch(limit time.Duration, late func()) watch {
	timer := time.AfterFunc(limit, late)
	timer.Stop()
	return watch{timer, limit}
}

func (w watch) start() {
	if w.timer != nil {
		w.timer.Reset(w.limit)
	}
}

func (w watch) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

// patientWriter writes to a partner for as long as it takes, but waits for no single write longer than the idle time-out: a
// stalled partner must not hold a connection, nor a slow one lose a long stream.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	idle    time.Duration
	watch   watch
	// failed says that a write failed: the partner is gone or stalled.
	failed bool
}

func newPatientWriter(w http.ResponseWriter, idle time.Duration) *patientWriter {
	return &patientWriter{ResponseWriter: w, control: http.NewResponseController(w), idle: idle}
}

// open lifts the server's own deadlines, which bound whole requests; from here on each read and write is bounded instead. A
// writer without deadlines is left as it is.
func (p *patientWriter) open() {
	p.control.SetReadDeadline(time.Time{})
	p.control.SetWriteDeadline(time.Time{})
	p.watch = newWatch(p.idle, func() { p.control.SetWriteDeadline(past) })
}

// cutRead ends a read that waits for the partner; the connection is of no further use.
func (p *patientWriter) cutRead() { p.control.SetReadDeadline(past) }

// Write writes b within the idle time-out.
func (p *patientWriter) Write(b []byte) (int, error) {
	p.watch.start()
	n, err := p.ResponseWriter.Write(b)
	p.watch.stop()
	if err != nil {
		p.failed = true
	}
	return n, err
}

// FlushError sends what is buffered, within the idle time-out.
func (p *patientWriter) FlushError() error {
	p.watch.start()
	defer p.watch.stop()
	return p.control.Flush()
}

// Flush sends what is buffered.
func (p *patientWriter) Flush() { p.FlushError() }

// Unwrap gives the writer below, for http.ResponseController.
func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
