package model

import (
	"fmt"
	"io"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// Enums are written in capitals; the rules' words are small.

func capitals(word string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+strings.ToUpper(word)+`"`) })
}

func small(v any) (string, error) {
	word, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%T is no enum", v)
	}
	return strings.ToLower(word), nil
}

// MarshalPayer and its siblings write the rules' words, and read them.
func MarshalPayer(p Payer) graphql.Marshaler { return capitals(string(p)) }

// UnmarshalPayer reads a payer.
func UnmarshalPayer(v any) (Payer, error) { s, err := small(v); return Payer(s), err }

// MarshalCallState writes a state.
func MarshalCallState(s meter.ReceiptState) graphql.Marshaler { return capitals(string(s)) }

// UnmarshalCallState reads a state.
func UnmarshalCallState(v any) (meter.ReceiptState, error) {
	s, err := small(v)
	return meter.ReceiptState(s), err
}

// MarshalOutcomeKind writes a kind of outcome.
func MarshalOutcomeKind(k pontage.OutcomeKind) graphql.Marshaler { return capitals(string(k)) }

// UnmarshalOutcomeKind reads a kind of outcome.
func UnmarshalOutcomeKind(v any) (pontage.OutcomeKind, error) {
	s, err := small(v)
	return pontage.OutcomeKind(s), err
}

// MarshalTransactionKind writes a kind of transfer.
func MarshalTransactionKind(k pontage.TransferKind) graphql.Marshaler { return capitals(string(k)) }

// UnmarshalTransactionKind reads a kind of transfer.
func UnmarshalTransactionKind(v any) (pontage.TransferKind, error) {
	s, err := small(v)
	return pontage.TransferKind(s), err
}

// MarshalFreeWindow writes a window.
func MarshalFreeWindow(window string) graphql.Marshaler { return capitals(window) }

// UnmarshalFreeWindow reads a window.
func UnmarshalFreeWindow(v any) (string, error) { return small(v) }

// MarshalTerm writes a term.
func MarshalTerm(t pontage.Term) graphql.Marshaler { return capitals(string(t)) }

// UnmarshalTerm reads a term.
func UnmarshalTerm(v any) (pontage.Term, error) { s, err := small(v); return pontage.Term(s), err }

// MarshalStatisticDimension writes a dimension.
func MarshalStatisticDimension(d pontage.Dimension) graphql.Marshaler { return capitals(string(d)) }

// UnmarshalStatisticDimension reads a dimension.
func UnmarshalStatisticDimension(v any) (pontage.Dimension, error) {
	s, err := small(v)
	return pontage.Dimension(s), err
}

// MarshalErrorCode writes a code as errors carry it.
func MarshalErrorCode(c pontage.Code) graphql.Marshaler { return capitals(string(c)) }

// UnmarshalErrorCode reads a code.
func UnmarshalErrorCode(v any) (pontage.Code, error) { s, err := small(v); return pontage.Code(s), err }

// MarshalAddressKind writes a kind of address.
func MarshalAddressKind(k pontage.AddressKind) graphql.Marshaler { return capitals(string(k)) }

// UnmarshalAddressKind reads a kind of address.
func UnmarshalAddressKind(v any) (pontage.AddressKind, error) {
	s, err := small(v)
	return pontage.AddressKind(s), err
}

// MarshalNotificationKind writes a kind of notification.
func MarshalNotificationKind(k pontage.NotificationKind) graphql.Marshaler {
	return capitals(string(k))
}

// UnmarshalNotificationKind reads a kind of notification.
func UnmarshalNotificationKind(v any) (pontage.NotificationKind, error) {
	s, err := small(v)
	return pontage.NotificationKind(s), err
}

// MarshalActorKind writes a kind of actor.
func MarshalActorKind(k pontage.ActorKind) graphql.Marshaler { return capitals(string(k)) }

// UnmarshalActorKind reads a kind of actor.
func UnmarshalActorKind(v any) (pontage.ActorKind, error) {
	s, err := small(v)
	return pontage.ActorKind(s), err
}
