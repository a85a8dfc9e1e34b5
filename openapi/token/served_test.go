package token_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// lived is a world in which something of everything has happened.
type lived struct {
	*world
	token        tokenData
	subscription pontage.SubscriptionID
	callback     pontage.CallbackID
	opened       pontage.CallID
}

func newLived(t *testing.T, store *storage.Store) *lived {
	t.Helper()
	w := &lived{world: newWorld(t, store)}
	w.credit(w.ann, "400")
	must(t, w.catalog.FulfilRequirement(t.Context(), pontage.Operator(), w.ann.id, "contract"))
	w.token = w.create(w.ann, `{"scopes":["`+startScope+`","`+searchScope+`"],"name":"all","limits":{"walletRequests":2}}`)
	w.opened = w.call(w.token.Token, "GET", "/IT-start/1", 200).CallID
	w.call(w.token.Token, "POST", "/IT-search", 200)
	w.call(w.token.Token, "GET", "/IT-start/1", 503)
	w.call(w.token.Token, "GET", "/IT-start/1", 404)
	w.call(w.token.Token, "GET", "/IT-start/1", 200) // over the token's limit
	s, err := w.meter.CreateSubscription(t.Context(), pontage.Operator(), meter.SubscriptionInput{AccountID: w.ann.id,
		ScopeID: w.scopeID(startScope), Term: pontage.Monthly, Price: 100_000_000, TotalRequests: 3, AutoRenew: true})
	must(t, err)
	w.subscription = s.ID
	w.call(w.token.Token, "GET", "/IT-start/1", 200)
	w.callback = pontage.NewCallbackID(w.clock.Now())
	must(t, store.Write(t.Context(), func(tx pontage.Tx) error {
		return tx.InsertCallback(t.Context(), pontage.Callback{ID: w.callback, AccountID: w.ann.id, ScopeID: w.scopeID(searchScope),
			ScopeName: searchScope, Host: "company.example.com", Method: "POST", URL: "https://partner.example/hook", Field: "data",
			Data: []byte(`{"state":"done"}`), Custom: []byte(`[1]`), Headers: []byte(`{"X-A":"b"}`), Status: 200, Elapsed: 214 * time.Millisecond,
			Attempt: 1, Retry: 3, CreatedAt: storagetest.Start, StartedAt: storagetest.Start, CompletedAt: storagetest.Start})
	}))
	return w
}

// recipe is how a success of an operation is made.
func (w *lived) recipe(operation string) *reply {
	ann := basic(w.ann)
	path := map[string]string{
		"GET /tokens": "/tokens", "GET /scopes": "/scopes", "GET /tokens/{token}": "/tokens/" + w.token.id(), "GET /errors": "/errors",
		"GET /wallet": "/wallet", "GET /callbacks": "/callbacks", "GET /stats": "/stats?date=2026-11", "GET /stats/ips": "/stats/ips",
		"GET /stats/apis": "/stats/apis?date=2026", "GET /stats/apis/{domain}": "/stats/apis/company.example.com?date=2026-11-20",
		"GET /subscriptions": "/subscriptions", "GET /scopes/{id}": "/scopes/" + string(w.scopeID(searchScope)),
		"GET /callbacks/{id}": "/callbacks/" + string(w.callback), "GET /wallet/transactions": "/wallet/transactions",
		"GET /subscriptions/{id}": "/subscriptions/" + string(w.subscription), "GET /calls/{id}": "/calls/" + string(w.opened),
		"GET /wallet/transactions/{id}": "/wallet/transactions/use_2026-11-20_company.example.com",
	}[operation]
	switch operation {
	case "POST /tokens":
		return w.client.do("POST", "/tokens", ann, `{"scopes":["`+startScope+`"],"limits":{"totalRequests":1,"walletRequests":2,"subscriptionRequests":3,"walletAmount":4.5,"ip":["192.0.2.1"]}}`)
	case "POST /quote":
		return w.client.do("POST", "/quote", ann, `{"method":"GET","url":"https://company.example.com/IT-start/1","token":"`+w.token.id()+`"}`)
	case "PATCH /tokens/{token}":
		made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
		return w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "")
	case "DELETE /tokens/{token}":
		made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
		return w.client.do("DELETE", "/tokens/"+made.id(), ann, "")
	}
	if path == "" {
		w.t.Fatalf("%s has no recipe", operation)
	}
	return w.client.do("GET", path, ann, "")
}

// Every operation of the contract answers on the running server with every field in its type, on both databases.
func TestEveryOperationAnswersAsTheContractSays(t *testing.T) {
	wire := theContract(t)
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newLived(t, open())
		answered := 0
		for name, operation := range wire.operations {
			var data any
			w.recipe(name).ok(&data)
			checkValue(t, name+" data", wire, operation.data, data)
			answered++
		}
		t.Logf("%d of %d operations", answered, len(wire.operations))
		var one, callback any
		w.client.do("GET", "/subscriptions?id="+string(w.subscription), basic(w.ann), "").ok(&one)
		checkValue(t, "subscription by id", wire, wire.operations["GET /subscriptions/{id}"].data, one)
		w.client.do("GET", "/callbacks?id="+string(w.callback), basic(w.ann), "").ok(&callback)
		checkValue(t, "callback by id", wire, wire.operations["GET /callbacks/{id}"].data, callback)
	})
}

// absent may be missing; what is null in a token's limits is a limit that is not there.
var absent = []string{"refreshToken"}

// checkValue compares a JSON value with a schema by name and type; an empty list or object where something was made is a fault.
func checkValue(t *testing.T, where string, wire *contract, schema node, value any) {
	t.Helper()
	if schema = wire.follow(schema); schema == nil {
		return
	}
	if choices, ok := schema["oneOf"].([]any); ok {
		checkChoice(t, where, wire, choices, value)
		return
	}
	ok := true
	switch schema["type"] {
	case "string":
		_, ok = value.(string)
		if text, _ := value.(string); schema["format"] == "date-time" && ok {
			_, err := time.Parse(time.RFC3339, text)
			ok = err == nil && text[len(text)-1] == 'Z'
		}
	case "integer":
		n, isNumber := value.(float64)
		ok = isNumber && n == math.Trunc(n)
	case "number":
		_, ok = value.(float64)
	case "boolean":
		_, ok = value.(bool)
	case "array":
		items, isArray := value.([]any)
		ok = isArray
		for i, item := range items {
			checkValue(t, fmt.Sprintf("%s[%d]", where, i), wire, schema.at("items"), item)
		}
	case "object":
		ok = checkObject(t, where, wire, schema, value)
	}
	if !ok && (value != nil || schema["nullable"] != true) {
		t.Errorf("%s: %v (%T) is not of type %v", where, value, value, schema["type"])
	}
}

func checkObject(t *testing.T, where string, wire *contract, schema node, value any) bool {
	t.Helper()
	members, ok := value.(map[string]any)
	if !ok {
		return false
	}
	limits := wire.properties(schema)["walletRequests"] != nil && wire.properties(schema)["errorRequests"] == nil
	for name := range wire.properties(schema) {
		v, there := members[name]
		switch {
		case !there && !slices.Contains(absent, name):
			t.Errorf("%s.%s is missing", where, name)
		case there && !(limits && v == nil):
			checkValue(t, where+"."+name, wire, wire.properties(schema).at(name), v)
		}
	}
	if additional := schema.at("additionalProperties"); additional != nil {
		if len(members) == 0 {
			t.Errorf("%s is empty", where)
		}
		for name, v := range members {
			checkValue(t, where+"{"+name+"}", wire, additional, v)
		}
	}
	return true
}

// checkChoice takes the choice of the value's own JSON type.
func checkChoice(t *testing.T, where string, wire *contract, choices []any, value any) {
	t.Helper()
	kinds := map[any][]string{"array": {"[]interface {}"}, "object": {"map[string]interface {}"}, "string": {"string"},
		"boolean": {"bool"}, "integer": {"float64"}, "number": {"float64"}}
	for _, c := range choices {
		choice := wire.follow(c.(map[string]any))
		if slices.Contains(kinds[choice["type"]], fmt.Sprintf("%T", value)) {
			checkValue(t, where, wire, choice, value)
			return
		}
	}
	t.Errorf("%s: %v (%T) is none of the choices", where, value, value)
}
