package pontage_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// memory is a store of one record; it is all that whoever has the database sees.
type memory struct {
	pontage.Tx
	record *pontage.IdempotencyRecord
}

func (m *memory) IdempotencyRecord(context.Context, pontage.IdempotencyID) (*pontage.IdempotencyRecord, error) {
	if m.record == nil {
		return nil, pontage.E(pontage.NotFound, "none")
	}
	return m.record, nil
}

func (m *memory) Write(_ context.Context, do func(pontage.Tx) error) error { return do(m) }

func (m *memory) InsertIdempotencyRecord(_ context.Context, r pontage.IdempotencyRecord) error {
	if m.record != nil && m.record.ExpiresAt.After(r.CreatedAt) {
		return pontage.E(pontage.Conflict, "taken")
	}
	m.record = &r
	return nil
}

func (m *memory) SetIdempotencyAnswer(_ context.Context, _ pontage.IdempotencyID, answer []byte) error {
	m.record.Answer = answer
	return nil
}

// An answer with a secret must be readable by who can repeat the request, and by nobody who only has the database.
func TestAKeptAnswerOpensForItsCallerOnly(t *testing.T) {
	store, now, ctx := new(memory), time.Unix(1_800_000_000, 0), t.Context()
	keys := pontage.NewIdempotency(store, func() time.Time { return now })
	request := pontage.IdempotentRequest{AccountID: "acc_1", Route: "POST /tokens", Key: "k", Credential: "secret", Parts: []string{"/tokens", "", "{}"}}
	once, err := keys.Begin(ctx, request)
	if err != nil || once.Before() != nil {
		t.Fatal(once.Before(), err)
	}
	if _, err := keys.Begin(ctx, request); pontage.CodeOf(err) != pontage.KeyInProgress {
		t.Errorf("a second one beside the first: %v", err)
	}
	once.Encode(func(context.Context, pontage.Reader, any) (pontage.KeptAnswer, error) {
		return pontage.KeptAnswer{Status: 201, Body: []byte("pt_live_bearer")}, nil
	})
	if err := errors.Join(once.Claim(ctx, store), once.Keep(ctx, store, nil)); err != nil {
		t.Fatal(err)
	}
	once.End()
	if bytes.Contains(store.record.Answer, []byte("bearer")) || bytes.Contains(store.record.Fingerprint, []byte("{}")) {
		t.Error("the record shows what was answered")
	}
	if err := once.Claim(ctx, store); !errors.Is(err, pontage.ErrAnswered) {
		t.Errorf("claimed twice: %v", err)
	}
	again, err := keys.Begin(ctx, request)
	if err != nil || again.Before() == nil || again.Before().Status != 201 || string(again.Before().Body) != "pt_live_bearer" {
		t.Fatalf("the repeat got %+v, %v", again.Before(), err)
	}
	for name, change := range map[string]func(*pontage.IdempotentRequest){
		"credential": func(r *pontage.IdempotentRequest) { r.Credential = "other" },
		"body":       func(r *pontage.IdempotentRequest) { r.Parts = []string{"/tokens", "", "[]"} },
		"joined":     func(r *pontage.IdempotentRequest) { r.Parts = []string{"/tokens", "{}", ""} },
	} {
		other := request
		change(&other)
		if _, err := keys.Begin(ctx, other); pontage.CodeOf(err) != pontage.KeyReused {
			t.Errorf("another %s: %v", name, err)
		}
	}
	now = now.Add(pontage.IdempotencyLifetime)
	if late, err := keys.Begin(ctx, request); err != nil || late.Before() != nil {
		t.Errorf("after a day: %+v, %v", late.Before(), err)
	}
}

// What a stranger may write as a key is bounded and plain.
func TestKeysArePlainAndBounded(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   string
		bad    bool
	}{
		{nil, "", false},
		{[]string{"a b~!"}, "a b~!", false},
		{[]string{strings.Repeat("x", 255)}, strings.Repeat("x", 255), false},
		{[]string{strings.Repeat("x", 256)}, "", true},
		{[]string{""}, "", true},
		{[]string{"ä"}, "", true},
		{[]string{"a\x7f"}, "", true},
		{[]string{"a", "a"}, "", true},
	} {
		got, err := pontage.IdempotencyKeyOf(http.Header{pontage.IdempotencyHeader: c.values})
		if got != c.want || (err != nil) != c.bad || c.bad && pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("%q: %q, %v", c.values, got, err)
		}
	}
}

// Rules are called without a key as often as with one.
func TestARequestWithoutAKeyKeepsNothing(t *testing.T) {
	var once *pontage.Once
	ctx := t.Context()
	answer, err := once.Recall(ctx)
	if err := errors.Join(err, once.Check(ctx, nil), once.Claim(ctx, nil), once.Keep(ctx, nil, nil)); err != nil {
		t.Error(err)
	}
	if once.Encode(nil); answer != nil || once.Before() != nil || once.Made() != nil {
		t.Error("there is an answer")
	}
	once.End()
}
