package main

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Operators who follow the log see a line a tenth of a second later at most, and none is lost where many come at once.
func TestLogLinesArriveInTheirOrderAndSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got strings.Builder
		w := newLogWriter(&got)
		for _, line := range []string{"one\n", "two\n"} {
			if _, err := io.WriteString(w, line); err != nil {
				t.Fatal(err)
			}
		}
		if got.Len() != 0 {
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
