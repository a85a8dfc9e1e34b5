package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/pontage/pontage"
)

// mostAnswer is how many bytes of an answer are read.
const mostAnswer = 64 << 20

// madeCall is what came of a call, as its answer says it.
type madeCall struct {
	Call pontage.CallID `json:"call"`
	// Decision is "admitted", or "refused" with the code and the limit.
	Decision string `json:"decision"`
	Message  string `json:"message,omitempty"`
	Charged  string `json:"charged"`
	Currency string `json:"currency"`
	PaidBy   string `json:"paidBy,omitempty"`
	// Repeats is the call under the same Idempotency-Key that was charged.
	Repeats string `json:"repeats,omitempty"`
	// Left is how many calls the rate limit still lets through now, absent where nothing was decided.
	Left   *int64 `json:"rateLeft,omitempty"`
	Status int    `json:"status"`
	// Answer is the body: JSON as it is, anything else as text.
	Answer any `json:"answer"`

	body []byte
}

// readMade reads the answer and what its headers say of the call.
func readMade(response *http.Response) (*madeCall, error) {
	h := response.Header
	m := &madeCall{Call: pontage.CallID(h.Get("Pontage-Call-Id")), Decision: "admitted", Charged: h.Get("Pontage-Charged"), Currency: h.Get("Pontage-Currency"),
		PaidBy: h.Get("Pontage-Paid-By"), Repeats: h.Get("Pontage-Repeats"), Left: rateLeft(h), Status: response.StatusCode}
	if m.Call == "" {
		return nil, errors.New("what answered is no gateway of Pontage: it gave the call no id")
	}
	var err error
	if m.body, err = io.ReadAll(io.LimitReader(response.Body, mostAnswer)); err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	m.Answer = string(m.body)
	if json.Valid(m.body) {
		m.Answer = json.RawMessage(m.body)
	}
	if m.PaidBy == "" {
		m.refused()
	}
	return m, nil
}

// rateLeft reads the header RateLimit.
func rateLeft(h http.Header) *int64 {
	var left, reset int64
	if _, err := fmt.Sscanf(h.Get("RateLimit"), `"default";r=%d;t=%d`, &left, &reset); err != nil {
		return nil
	}
	return &left
}

func (m *madeCall) rate() string {
	if m.Left == nil {
		return ""
	}
	return fmt.Sprintf("%d calls left", *m.Left)
}

// refused takes from the envelope why the call was not let through.
func (m *madeCall) refused() {
	var envelope struct {
		Code    pontage.Code
		Message string
		Limit   string
	}
	_ = json.Unmarshal(m.body, &envelope) // what is no envelope says nothing
	m.Decision, m.Message = strings.TrimRight("refused, "+string(envelope.Code)+" "+envelope.Limit, " "), envelope.Message
}

// write shows it as text: the decision, then the answer as it came.
func (m *madeCall) write(w io.Writer) {
	rows := [][]string{{"decision", m.Decision}}
	for _, row := range [][]string{{"reason", m.Message}, {"charged", m.Charged + " " + m.Currency}, {"paid by", m.PaidBy}, {"repeats", m.Repeats}, {"rate", m.rate()}} {
		if row[1] != "" {
			rows = append(rows, row)
		}
	}
	table(w, "CALL|"+string(m.Call), append(rows, []string{"status", fmt.Sprint(m.Status, " ", http.StatusText(m.Status))}))
	if len(m.body) > 0 {
		fmt.Fprintf(w, "\n%s\n", bytes.TrimRight(m.body, "\n"))
	}
}
