package token_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

const keyHeader = pontage.IdempotencyHeader

// replays fails unless second is first again, byte for byte, and says so.
func (first *reply) replays(second *reply) {
	first.t.Helper()
	if second.status != first.status || !bytes.Equal(second.body, first.body) {
		first.t.Errorf("the repeat differs: %d %s\nfirst: %d %s", second.status, second.body, first.status, first.body)
	}
	if first.header.Get(pontage.IdempotencyReplayed) != "" || second.header.Get(pontage.IdempotencyReplayed) != "true" {
		first.t.Errorf("marks: first %q, repeat %q", first.header.Get(pontage.IdempotencyReplayed), second.header.Get(pontage.IdempotencyReplayed))
	}
}

// A partner whose answer was lost on the way sends the request again and must get the same token, not a second one.
func TestARepeatGetsTheSameAnswerAndHasNoEffect(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		body := `{"scopes":["` + startScope + `"],"name":"nightly"}`
		create := func(c *client, body, key string) *reply {
			return c.do("POST", "/tokens", basic(w.ann), body, keyHeader, key)
		}
		first := create(w.client, body, "one")
		first.ok(nil)
		first.replays(create(w.client, body, "one"))
		first.replays(create(w.client, " "+body, "one")) // the same JSON
		create(w.client, `{"scopes":["`+startScope+`"],"name":"weekly"}`, "one").fails(422, 1432, "", keyHeader)
		if second := create(w.client, body, "two"); bytes.Equal(second.ok(nil).body, first.body) {
			t.Error("another key gave the same token")
		}
		w.client.do("POST", "/tokens", basic(w.bob), body, keyHeader, "one").ok(nil) // keys of two accounts do not meet
		var list []tokenData
		w.client.do("GET", "/tokens", basic(w.ann), "").ok(&list)
		if len(list) != 2 {
			t.Errorf("%d tokens, want 2", len(list))
		}
		again := newWorldOn(t, w, open()) // another instance, or this one after a restart
		first.replays(create(again, body, "one"))
		w.clock.Advance(pontage.IdempotencyLifetime)
		if late := create(w.client, body, "one"); bytes.Equal(late.ok(nil).body, first.body) {
			t.Error("a key is remembered for more than a day")
		}
	})
}

// newWorldOn gives a client of a second instance on the same database, with the same keys.
func newWorldOn(t *testing.T, w *world, store *storage.Store) *client {
	t.Helper()
	c := w.config
	c.Idempotency = pontage.NewIdempotency(store, w.clock.Now)
	return serve(t, c)
}

// A change and a removal that are repeated must not answer "not found" or change what came in between.
func TestChangesAndRemovalsAreRepeatable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		w.credit(w.ann, "10")
		made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
		w.call(made.Token, "GET", "/IT-start/1", 200)
		path := "/tokens/" + made.id()
		change := func() *reply { return w.client.do("PATCH", path, basic(w.ann), `{"name":"a"}`, keyHeader, "k") }
		first := change()
		var shown tokenData
		first.ok(&shown)
		if shown.Name != "a" || shown.Stats["totalRequests"] != 1.0 {
			t.Errorf("changed: %+v", shown)
		}
		w.client.do("PATCH", path, basic(w.ann), `{"name":"b"}`).ok(nil)
		first.replays(change())
		w.client.do("GET", path, basic(w.ann), "").ok(&shown)
		if shown.Name != "b" {
			t.Errorf("the repeat changed the name to %q", shown.Name)
		}
		remove := func() *reply { return w.client.do("DELETE", path, basic(w.ann), "", keyHeader, "k") }
		gone := remove()
		gone.ok(nil)
		gone.replays(remove())
		w.client.do("DELETE", path, basic(w.ann), "").fails(404, 180, "")
	})
}

// The one safe repeat of a rotation: the same refresh token under the same key. Without the key it is a theft.
func TestARotationIsRepeatedUnderItsKeyOnly(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		made := w.create(w.ann, `{"scopes":["GET:`+platformHost+`/wallet"]}`)
		rotate := func(key ...string) *reply {
			return w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "", key...)
		}
		first := rotate(keyHeader, "k")
		var rotated tokenData
		first.ok(&rotated)
		first.replays(rotate(keyHeader, "k"))
		w.client.do("GET", "/wallet", bearer(rotated.Token), "").ok(nil)
		rotate(keyHeader, "other").fails(401, 130, "")
		w.client.do("GET", "/wallet", bearer(rotated.Token), "").fails(401, 1421, "")
		w.client.do("PATCH", "/tokens/"+made.id(), bearer("pt_test_ref_x_y"), "", keyHeader, "k").fails(401, 130, "")
	})
}

// What was wrong the first time may be right the second; only what had an effect is kept.
func TestFailuresAreNotKept(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		create := func(body, key string) *reply {
			return w.client.do("POST", "/tokens", basic(w.ann), body, keyHeader, key)
		}
		create(`{"scopes":["GET:nowhere.example.com/x"]}`, "k").fails(422, 90, "")
		create(`{"name":"x"}`, "k").fails(422, 70, "")
		create(`{"scopes":["`+startScope+`"]}`, "k").ok(nil)
		for _, bad := range []string{"", strings.Repeat("x", 256), "naïve", "tab\tkey"} {
			create(`{"scopes":["`+startScope+`"]}`, bad).fails(400, 1400, "", keyHeader)
		}
		create(`{"scopes":["`+startScope+`"]}`, strings.Repeat("~", 255)).ok(nil)
		request, err := http.NewRequest("DELETE", w.url+"/tokens/65f0c0ffee0123456789abcd", nil)
		must(t, err)
		request.Header[keyHeader] = []string{"a", "b"}
		request.Header.Set("Authorization", basic(w.ann))
		response, err := http.DefaultClient.Do(request)
		must(t, err)
		response.Body.Close()
		if response.StatusCode != 400 {
			t.Errorf("two keys: %d", response.StatusCode)
		}
	})
}

// A key names a request of who sent it: with other credentials of the same account it opens nothing.
func TestAKeyOpensNothingForOtherCredentials(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		body := `{"scopes":["` + startScope + `"]}`
		first := w.client.do("POST", "/tokens", basic(w.ann), body, keyHeader, "k")
		first.ok(nil)
		second, err := w.accounts.CreateKey(t.Context(), pontage.Operator(), w.ann.id, "second")
		must(t, err)
		other := w.ann
		other.key = second.Text
		w.client.do("POST", "/tokens", basic(other), body, keyHeader, "k").fails(422, 1432, "", keyHeader)
		id := pontage.NewIdempotencyID(w.ann.id, "POST /tokens", "k")
		kept, err := w.store.IdempotencyRecord(t.Context(), id)
		must(t, err)
		var made tokenData
		first.ok(&made)
		for _, secret := range []string{made.Token, *made.RefreshToken, made.id(), "nightly"} {
			if bytes.Contains(kept.Answer, []byte(secret)) {
				t.Errorf("the database shows %q", secret)
			}
		}
	})
}

// A hundred requests at once under one key, on two instances: one token, and everyone gets it or is told to wait.
func TestAHundredAtOnceHaveOneEffect(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		w := newWorld(t, store)
		clients := []*client{w.client, newWorldOn(t, w, open())}
		made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
		for _, c := range []struct{ method, path, who, body string }{
			{"POST", "/tokens", basic(w.ann), `{"scopes":["` + startScope + `"]}`},
			{"PATCH", "/tokens/" + made.id(), basic(w.ann), `{"name":"x"}`},
			{"PATCH", "/tokens/" + made.id(), bearer(*made.RefreshToken), ""},
		} {
			replies := make([]*reply, 100)
			var group errgroup.Group
			for i := range replies {
				group.Go(func() error {
					replies[i] = clients[i%2].do(c.method, c.path, c.who, c.body, keyHeader, "k "+c.who[:6])
					return nil
				})
			}
			must(t, group.Wait())
			count(t, fmt.Sprint(c.method, c.path), replies)
		}
		var list []tokenData
		w.client.do("GET", "/tokens", basic(w.ann), "").ok(&list)
		if len(list) != 2 {
			t.Errorf("%d tokens, want 2", len(list))
		}
	})
}

// count fails unless exactly one answer is the first, all others repeat it, and the rest was told to wait.
func count(t *testing.T, what string, replies []*reply) {
	t.Helper()
	var first, repeated, busy int
	var body []byte
	for _, r := range replies {
		switch {
		case r.status == http.StatusConflict:
			r.fails(409, 1419, "", keyHeader)
			if r.header.Get("Retry-After") == "" {
				t.Error("409 without Retry-After")
			}
			busy++
			continue
		case r.status != http.StatusOK:
			// Sixty tries a minute of one refresh token are allowed; the others are not tried at all.
			if r.status != http.StatusTooManyRequests {
				t.Errorf("%s: %d %s", what, r.status, r.body)
			}
			continue
		case r.header.Get(pontage.IdempotencyReplayed) == "true":
			repeated++
		default:
			first++
		}
		if body == nil {
			body = r.body
		}
		if !bytes.Equal(body, r.body) {
			t.Errorf("%s: two answers:\n%s\n%s", what, body, r.body)
		}
	}
	t.Logf("%s: %d first, %d repeated, %d in progress", what, first, repeated, busy)
	if first != 1 {
		t.Errorf("%s: %d effects", what, first)
	}
}

// Keys that are over go away in the background.
func TestExpiredKeysAreSwept(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open(), func(*token.Config) {})
		w.client.do("POST", "/tokens", basic(w.ann), `{"scopes":["`+startScope+`"]}`, keyHeader, "k").ok(nil)
		for _, want := range []int{0, 1, 0} {
			n, err := w.config.Idempotency.Sweep(t.Context())
			if err != nil || n != want {
				t.Errorf("swept %d, want %d, %v", n, want, err)
			}
			w.clock.Advance(pontage.IdempotencyLifetime + time.Second)
		}
	})
}
