package main

import (
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lockedText is written by a timer and read by the test.
type lockedText struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// Operators who follow the log see a line a tenth of a second later at most, and none is lost where many come at once.
func TestLogLinesArriveInTheirOrderAndSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got lockedText
		w := newLogWriter(&got)
		for _, line := range []string{"one\n", "two\n"} {
			if _, err := io.WriteString(w, line); err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != "" {
			t.Fatalf("written at once: %q", got.String())
		}
		time.Sleep(logDelay) // the bubble's clock
		synctest.Wait()
		if got.String() != "one\ntwo\n" {
			t.Fatalf("after the delay: %q", got.String())
		}
		long := strings.Repeat("x", logSize-1) + "\n"
		if _, err := io.WriteString(w, long); err != nil {
			t.Fatal(err)
		}
		if got.String() != "one\ntwo\n"+long {
			t.Fatal("a full buffer waits")
		}
		if _, err := io.WriteString(w, "last\n"); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		if !strings.HasSuffix(got.String(), "last\n") {
			t.Fatal("the last line is lost")
		}
	})
}
