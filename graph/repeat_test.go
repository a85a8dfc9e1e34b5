package graph_test

import (
	"strings"
	"testing"
)

const key = "Idempotency-Key"

// A client that lost the answer asks again and gets it: the effect is there once, the secret the same, whatever else is refused.
func TestAMutationUnderAKeyHappensOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const create = `mutation{createAPIKey(input:{label:"once"}){text apiKey{id label createdAt}}}`
		first := w.ask(w.ann.basic(), create, nil, key, "k-1")
		again := w.ask(w.ann.basic(), create, nil, key, "k-1")
		if first.text("createAPIKey.text") == "" || first.Raw == "" || again.text("createAPIKey.text") != first.text("createAPIKey.text") ||
			again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
			t.Fatalf("%s\n%s", first.Raw, again.Raw)
		}
		if n := len(w.data(w.ann.basic(), "{apiKeys{nodes{id}}}", nil).get("apiKeys.nodes").([]any)); n != 2 {
			t.Errorf("%d keys", n)
		}
		if r := w.ask(w.ann.basic(), strings.Replace(create, "once", "twice", 1), nil, key, "k-1"); r.Status != 422 || r.code() != "IDEMPOTENCY_KEY_REUSED" {
			t.Errorf("another request: %d %s", r.Status, r.Raw)
		}
		if r := w.ask(w.bob.basic(), create, nil, key, "k-1"); r.code() != "" || r.text("createAPIKey.text") == first.text("createAPIKey.text") {
			t.Errorf("another account: %s", r.Raw)
		}
		const revoke = `mutation($id:ID!){revokeAPIKey(input:{id:$id}){id}}`
		variables := map[string]any{"id": first.get("createAPIKey.apiKey.id")}
		for range 2 {
			if r := w.ask(w.ann.basic(), revoke, variables, key, "k-2"); r.get("revokeAPIKey.id") != variables["id"] {
				t.Errorf("ending it again under the same key: %s", r.Raw)
			}
		}
		if r := w.ask(w.ann.basic(), revoke, variables, key, "k-3"); r.code() != "NOT_FOUND" {
			t.Errorf("ending what has ended: %s", r.Raw)
		}
	})
}

// A key stands for one effect: what could have several, or none whose owner is known, does not get one.
func TestAKeyNeedsOneMutationAndCredentials(t *testing.T) {
	w := sqliteWorld(t, nil)
	for name, r := range map[string]*reply{
		"two mutations": w.ask(w.ann.basic(), `mutation{a:createAPIKey(input:{label:"x"}){text} b:createAPIKey(input:{label:"y"}){text}}`, nil, key, "k"),
		"a fragment":    w.ask(w.ann.basic(), `mutation{...F} fragment F on Mutation{createAPIKey(input:{label:"x"}){text}}`, nil, key, "k"),
		"nobody":        w.ask("", `mutation{createAPIKey(input:{label:"x"}){text}}`, nil, key, "k"),
		"an empty key":  w.ask(w.ann.basic(), `mutation{createAPIKey(input:{label:"x"}){text}}`, nil, key, ""),
	} {
		if r.Status != 400 || r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != key {
			t.Errorf("%s: %d %s", name, r.Status, r.Raw)
		}
	}
	if r := w.ask(w.ann.basic(), "{viewer{id}}", nil, key, "k"); r.code() != "" {
		t.Errorf("a query with a key: %s", r.Raw)
	}
}
