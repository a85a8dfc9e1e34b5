package pontage

import (
	"errors"
	"fmt"
	"time"
)

// Error is the one error type that may reach a user. Code decides status and number, Message is safe to show, Field names the
// input at fault as a JSON pointer ("/limits/walletAmount") or a parameter name ("limit"); the cause is for the log only.
type Error struct {
	Code    Code
	Message string
	Field   string
	// RetryAfter says when a repeat may succeed; zero means it says nothing.
	RetryAfter time.Duration
	cause      error
}

// E makes an Error whose message is formatted as by fmt.Sprintf.
func E(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// At returns a copy that names the field at fault.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Because returns a copy that carries the cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// After returns a copy that says when to try again.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = wait
	return &c
}

// Error gives code, message and cause; it is meant for logs, users see Message.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// ErrUnknownOutcome is in the chain of an Unavailable where the database broke during the commit itself: what was to be written may be
// there or not, and may still appear until a later unit of work has locked the same rows.
var ErrUnknownOutcome = errors.New("the outcome of the commit is unknown")

// CodeOf gives the code of err; anything that is not an Error is Internal, nil is "".
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	return Public(err).Code
}

// Public gives the Error inside err, or an Internal one that hides it and keeps it as cause.
func Public(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return E(Internal, "Internal server error.").Because(err)
}
