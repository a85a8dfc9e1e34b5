package server

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// serveEdge puts the edge of an instance around a handler, on a real connection.
func serveEdge(t *testing.T, next http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(&edge{
		next: next, clock: pontage.Clock(time.Now), log: slog.New(slog.DiscardHandler), metrics: newMetrics("test", "test"),
	})
	t.Cleanup(s.Close)
	return s
}

func TestAPanicIsAnsweredWithTheEnvelope(t *testing.T) {
	s := serveEdge(t, func(http.ResponseWriter, *http.Request) { panic("secret detail") })
	response, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 500 || !strings.Contains(string(body), `"code":"internal"`) {
		t.Errorf("%d %s %v", response.StatusCode, body, err)
	}
	if strings.Contains(string(body), "secret") || !strings.Contains(string(body), response.Header.Get(HeaderRequestID)) {
		t.Errorf("%s", body)
	}
}

// Half an answer with our envelope behind it would look like a whole one.
func TestAPanicInTheMiddleOfAnAnswerCutsItOff(t *testing.T) {
	s := serveEdge(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "the first half")
		http.NewResponseController(w).Flush()
		panic("in the middle")
	})
	response, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("the answer looks whole: %s", body)
	}
}
