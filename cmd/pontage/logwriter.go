package main

import (
	"io"
	"sync"
	"time"
)

const (
	// logDelay is how long a line may wait for others, logSize how many bytes may.
	logDelay = 100 * time.Millisecond
	logSize  = 32 << 10
)

// logWriter gathers lines of the log and writes them together: a line for each call would be a system call for each call. What waits
// when the process is killed is lost; money is in the database.
type logWriter struct {
	mutex sync.Mutex
	to    io.Writer
	lines []byte
	timer *time.Timer
}

func newLogWriter(to io.Writer) *logWriter {
	w := &logWriter{to: to}
	w.timer = time.AfterFunc(logDelay, w.Flush)
	w.timer.Stop()
	return w
}

// Write takes a line.
func (w *logWriter) Write(line []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if len(w.lines) == 0 {
		w.timer.Reset(logDelay)
	}
	if w.lines = append(w.lines, line...); len(w.lines) >= logSize {
		w.flush()
	}
	return len(line), nil
}

// Flush writes what waits.
func (w *logWriter) Flush() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.flush()
}

func (w *logWriter) flush() {
	if len(w.lines) > 0 {
		_, _ = w.to.Write(w.lines) // there is nowhere to tell of a log that cannot be written
	}
	w.lines = w.lines[:0]
}
