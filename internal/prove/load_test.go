package prove_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pontage/pontage"
)

// record is what partners know: every answer they got, how many requests they sent, got none for, and had to send elsewhere.
type record struct {
	sent, broken, elsewhere atomic.Int64

	mu sync.Mutex
	// paid and free are the calls that were answered as charged, and as not.
	paid, free []pontage.CallID
	// auditedPaid and auditedFree are how many of them were compared with the books.
	auditedPaid, auditedFree int
	statuses                 map[int]int64
	// odd are answers that must not be, the first few.
	odd []string
	// waits are those for a number of paid calls.
	waits []wait
}

type wait struct {
	paid int
	over chan struct{}
}

func newRecord() *record { return &record{statuses: map[int]int64{}} }

// count gives how many answers had the status.
func (r *record) count(status int) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.statuses[status]
}

// after gives a channel that is closed once n more calls were answered as charged.
func (r *record) after(n int) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := wait{len(r.paid) + n, make(chan struct{})}
	r.waits = append(r.waits, w)
	return w.over
}

func (r *record) note(a *reply, allowed func(*reply) string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statuses[a.status]++
	switch {
	case a.charged == price.String():
		r.paid = append(r.paid, a.call)
	case a.charged == "0" && a.call != "":
		r.free = append(r.free, a.call)
	}
	if problem := allowed(a); problem != "" && len(r.odd) < 10 {
		r.odd = append(r.odd, fmt.Sprintf("%s: %d, charged %q: %s", problem, a.status, a.charged, a.body))
	}
	kept := r.waits[:0]
	for _, w := range r.waits {
		if len(r.paid) >= w.paid {
			close(w.over)
		} else {
			kept = append(kept, w)
		}
	}
	r.waits = kept
}

func (r *record) noteOdd(problem string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.odd) < 10 {
		r.odd = append(r.odd, problem)
	}
}

// reply is one answer of the gateway.
type reply struct {
	status     int
	call       pontage.CallID
	charged    string
	retryAfter string
	body       []byte
}

// caller sends single calls.
type caller struct{ client *http.Client }

func newCaller(clients int) caller {
	return caller{&http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}}
}

// ask makes one call. A POST is not sent twice by the client itself, a GET may be where a kept connection closed before any answer.
func (c caller) ask(method, url, bearer string) (*reply, error) {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	answer, err := c.client.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		return nil, err
	}
	return &reply{
		status: answer.StatusCode, call: pontage.CallID(answer.Header.Get("Pontage-Call-Id")), charged: answer.Header.Get("Pontage-Charged"),
		retryAfter: answer.Header.Get("Retry-After"), body: body,
	}, nil
}

// onlySuccess allows what a healthy platform answers: the API's own answers.
func onlySuccess(a *reply) string {
	failing := a.status == http.StatusInternalServerError && a.charged == "0"
	if a.status == http.StatusOK && a.charged == price.String() || failing && string(a.body) == `{"balance":"enough"}` {
		return ""
	}
	return "not the API's answer"
}

// orUnavailable allows also that the platform says, in its envelope, that it cannot now, and when to try again.
func orUnavailable(a *reply) string {
	if a.status != http.StatusServiceUnavailable {
		return onlySuccess(a)
	}
	var envelope struct {
		Success *bool
		Message string
		Error   *int
		Code    pontage.Code
	}
	err := json.Unmarshal(a.body, &envelope)
	if err != nil || envelope.Success == nil || *envelope.Success || envelope.Message == "" || envelope.Error == nil ||
		envelope.Code != pontage.Unavailable || a.charged != "0" {
		return "not the envelope of a 503"
	}
	if a.retryAfter == "" {
		return "a 503 that does not say when to try again"
	}
	return ""
}

// load is many clients that call until they are stopped.
type load struct {
	*record
	caller
	bearer  string
	failing atomic.Int64 // how many calls still ask the API to fail
	enough  chan struct{}
	clients sync.WaitGroup
}

// failingCalls is how many calls of a load the API fails; a platform tolerates a hundred a minute.
const failingCalls = 5

// load lets clients POST to the server at url until stop.
// A client that gets no answer stops: its server is gone.
func (h *house) load(r *record, clients int, url string, allowed func(*reply) string) *load {
	l := h.newLoad(r, clients)
	for range clients {
		l.clients.Go(func() { l.each(func() bool { return l.post(url, allowed) }) })
	}
	return l
}

func (h *house) newLoad(r *record, clients int) *load {
	l := &load{record: r, caller: newCaller(clients), bearer: h.bearer, enough: make(chan struct{})}
	l.failing.Store(failingCalls)
	return l
}

// each calls until that is enough or a call says so.
func (l *load) each(call func() bool) {
	for {
		select {
		case <-l.enough:
			return
		default:
		}
		if !call() {
			return
		}
	}
}

func (l *load) post(url string, allowed func(*reply) string) bool {
	l.sent.Add(1)
	a, err := l.ask(http.MethodPost, l.target(url), l.bearer)
	if err != nil {
		l.broken.Add(1)
		return false
	}
	l.note(a, allowed)
	return true
}

// target makes a few of the calls ask for a failure.
func (l *load) target(url string) string {
	if l.failing.Add(-1) >= 0 {
		return url + apiPath + "?status=500"
	}
	return url + apiPath
}

// stop lets every client finish its call.
func (l *load) stop() {
	close(l.enough)
	l.clients.Wait()
	l.client.CloseIdleConnections()
}
