package token_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A partner with many tokens pages through them, newest first, and does not see what ended long ago.
func TestListsArePagedNewestFirst(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		for i := range 5 {
			w.create(w.ann, fmt.Sprintf(`{"scopes":["%s"],"name":"t%d","ttl":60}`, startScope, i))
			w.clock.Advance(time.Second)
		}
		for query, want := range map[string]string{
			"":                "[t4 t3 t2 t1 t0]",
			"?limit=2":        "[t4 t3]",
			"?limit=2&skip=3": "[t1 t0]",
			"?skip=5":         "[]",
		} {
			var list []tokenData
			w.client.do("GET", "/tokens"+query, basic(w.ann), "").ok(&list)
			names := []string{}
			for _, d := range list {
				names = append(names, d.Name)
			}
			if fmt.Sprint(names) != want {
				t.Errorf("%q: %v, want %s", query, names, want)
			}
		}
		w.clock.Advance(29 * 24 * time.Hour)
		var list []tokenData
		if w.client.do("GET", "/tokens", basic(w.ann), "").ok(&list); len(list) != 5 {
			t.Errorf("%d tokens after 29 days", len(list))
		}
		w.clock.Advance(2 * 24 * time.Hour)
		if w.client.do("GET", "/tokens", basic(w.ann), "").ok(&list); len(list) != 0 {
			t.Errorf("%d tokens after 31 days", len(list))
		}
	})
}

// The odd types of subscriptions and callbacks are what clients parse.
func TestTheOdditiesOfTheContract(t *testing.T) {
	w := newLived(t, storagetest.Open(t, storagetest.SQLite(t)))
	var list []map[string]any
	w.client.do("GET", "/subscriptions?scopes="+startScope, basic(w.ann), "").ok(&list)
	if len(list) != 1 || list[0]["availableRequests"] != "2" || list[0]["active"] != true {
		t.Errorf("subscriptions: %v", list)
	}
	var one map[string]any
	w.client.do("GET", "/subscriptions?id="+string(w.subscription), basic(w.ann), "").ok(&one)
	if one["totalRequests"] != "3" || one["pricePerRequest"] != 33.333333 || one["price"] != 100.0 || one["type"] != "monthly" ||
		one["domain"] != "company.example.com" || one["autorenew"] != true {
		t.Errorf("subscription: %v", one)
	}
	w.client.do("GET", "/callbacks?scopes="+searchScope+","+startScope, basic(w.ann), "").ok(&list)
	if len(list) != 1 || list[0]["httpResponseCode"] != "200" {
		t.Errorf("callbacks: %v", list)
	}
	w.client.do("GET", "/callbacks/"+string(w.callback), basic(w.ann), "").ok(&one)
	if one["httpResponseCode"] != 200.0 || one["elapsedTime"] != 214.0 || fmt.Sprint(one["data"], one["custom"], one["headers"]) != "map[state:done] [1] map[X-A:b]" {
		t.Errorf("callback: %v", one)
	}
	w.client.do("GET", "/callbacks/"+string(w.callback), basic(w.bob), "").fails(404, 200, "Callback not found")
	w.client.do("GET", "/subscriptions/"+string(w.subscription), basic(w.bob), "").fails(404, 220, "Subscription not found")
}
