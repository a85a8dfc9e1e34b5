package openapi

import (
	"errors"
	"strings"

	"github.com/pontage/pontage"
)

// Rule gives one failure of an operation the status, number and text of a wire contract. Empty conditions fit everything.
type Rule struct {
	Code pontage.Code
	// Field fits the field itself and everything below it: "/scopes" fits "/scopes/3".
	Field string
	// Keyword is the schema keyword that was broken: "required", "type", "pattern", …
	Keyword string

	Status  int
	Number  int
	Message string
}

// keyword is the cause of an Error that validation made: which schema keyword was broken.
type keyword string

func (k keyword) Error() string { return "schema keyword " + string(k) }

func (r Rule) fits(e *pontage.Error) bool {
	if r.Code != "" && r.Code != e.Code {
		return false
	}
	if r.Field != "" && e.Field != r.Field && !strings.HasPrefix(e.Field, r.Field+"/") {
		return false
	}
	var broken keyword
	return r.Keyword == "" || errors.As(e, &broken) && string(broken) == r.Keyword
}

// rank is the place of the first rule that fits, the number of rules where none does.
func (o *Operation) rank(e *pontage.Error) int {
	for i, r := range o.Rules {
		if r.fits(e) {
			return i
		}
	}
	return len(o.Rules)
}

// present gives status and envelope of a failure: by the operation's rules, else by the table of the root package. op may be nil.
func present(op *Operation, e *pontage.Error) (int, pontage.Envelope) {
	env, status := pontage.Refuse(e), e.Code.Failure().Status
	if op == nil {
		return status, env
	}
	if i := op.rank(e); i < len(op.Rules) {
		r := op.Rules[i]
		if env.Message != r.Message {
			env.Detail = env.Message
		}
		status, env.Message, env.Error = r.Status, r.Message, &r.Number
	}
	return status, env
}
