package pontage

import (
	"net/http"
	"strconv"
	"time"
)

// Envelope is the body of every REST answer: the four keys of the wire contract, always, and on failures ours beside them.
type Envelope struct {
	Data    any    `json:"data"`
	Success bool   `json:"success"`
	Message string `json:"message"`
	// Error is the wire number, null on success.
	Error *int `json:"error"`
	// Code is the machine word of a failure, Field the input at fault.
	Code  Code   `json:"code,omitempty"`
	Field string `json:"field,omitempty"`
	// Detail says what exactly is wrong where Message is a contract's fixed text.
	Detail string `json:"detail,omitempty"`
	// Limit, Left, Unit and EndsAt say what bound a refused call.
	Limit  string     `json:"limit,omitempty"`
	Left   string     `json:"left,omitempty"`
	Unit   string     `json:"unit,omitempty"`
	EndsAt *time.Time `json:"endsAt,omitempty"`
	CallID CallID     `json:"callId,omitempty"`
	// RequestID finds the log line of an internal failure.
	RequestID RequestID `json:"requestId,omitempty"`
}

// Success wraps data.
func Success(data any) Envelope { return Envelope{Data: data, Success: true} }

// Refuse wraps an error with the number of its code.
func Refuse(e *Error) Envelope {
	number := e.Code.Failure().Number
	return Envelope{Message: e.Message, Error: &number, Code: e.Code, Field: e.Field}
}

// RefuseCall wraps a decision that did not admit, with what bound it.
func RefuseCall(d *Decision) Envelope {
	env := Refuse(d.Refusal)
	env.Limit, env.Left, env.Unit, env.CallID = d.Limit, d.Left, d.Unit, d.CallID
	if !d.EndsAt.IsZero() {
		ends := d.EndsAt.UTC()
		env.EndsAt = &ends
	}
	return env
}

// SetRetryAfter writes the header in whole seconds, at least one, where wait is positive.
func SetRetryAfter(h http.Header, wait time.Duration) {
	if wait > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10))
	}
}
