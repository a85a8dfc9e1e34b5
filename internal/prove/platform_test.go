package prove_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// platform sends a request to the platform's own API, as the account or, where it is given, by a bearer.
func (h *house) platform(method, url, bearer, body string) *reply {
	h.t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	h.must(err)
	if bearer == "" {
		request.SetBasicAuth(h.email, h.key)
	} else {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := steady.Do(request)
	h.must(err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	h.must(err)
	return &reply{status: answer.StatusCode, charged: "0", retryAfter: answer.Header.Get("Retry-After"), body: text}
}

// steady is the client for what is asked one by one.
var steady = &http.Client{Timeout: probe.Timeout * 10}

// data reads what a successful answer carries.
func (h *house) data(a *reply, into any) {
	h.t.Helper()
	var envelope struct{ Data json.RawMessage }
	if a.status != http.StatusOK || json.Unmarshal(a.body, &envelope) != nil {
		h.t.Fatalf("%d %s", a.status, a.body)
	}
	if into != nil {
		h.must(json.NewDecoder(bytes.NewReader(envelope.Data)).Decode(into))
	}
}
