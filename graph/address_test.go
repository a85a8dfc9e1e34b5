package graph_test

import "testing"

// Addresses are added once, written anew and removed; of each kind one is the default.
func TestAddressesOfAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cookie := w.enter(w.ann)
		const add = `mutation($c:String!,$d:Boolean!){addAddress(input:{kind:BILLING,country:"BE",city:$c,default:$d}){address{id kind default city country street}}}`
		first := w.ask(cookie, add, map[string]any{"c": "Gent", "d": false}, key, "gent")
		again := w.ask(cookie, add, map[string]any{"c": "Gent", "d": false}, key, "gent")
		id := first.get("addAddress.address.id")
		if first.get("addAddress.address.default") != true || first.get("addAddress.address.kind") != "BILLING" || again.get("addAddress.address.id") != id || id == nil {
			t.Fatalf("%s\n%s", first.Raw, again.Raw)
		}
		second := w.data(cookie, add, map[string]any{"c": "Brugge", "d": true}).get("addAddress.address.id")
		list := func() *reply {
			return w.data(cookie, `{addresses(order:OLDEST_FIRST){nodes{id default city street}}}`, nil)
		}
		if l := list(); l.get("addresses.nodes.0.default") == l.get("addresses.nodes.1.default") || len(l.get("addresses.nodes").([]any)) != 2 {
			t.Errorf("%s", l.Raw)
		}
		narrow := w.data(cookie, `{default:addresses(filter:{default:true,kind:BILLING}){nodes{id}} other:addresses(filter:{default:false}){nodes{id}} none:addresses(filter:{kind:SHIPPING}){nodes{id}}}`, nil)
		if narrow.get("default.nodes.0.id") != second || narrow.get("other.nodes.0.id") != id || len(narrow.get("none.nodes").([]any)) != 0 {
			t.Errorf("%s", narrow.Raw)
		}
		const replace = `mutation($i:ID!,$c:String!){replaceAddress(input:{id:$i,kind:BILLING,country:$c,street:"Markt"}){address{city street}}}`
		if r := w.data(cookie, replace, map[string]any{"i": second, "c": "BE"}); r.get("replaceAddress.address.city") != "" || r.get("replaceAddress.address.street") != "Markt" {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask(cookie, replace, map[string]any{"i": second, "c": "X"}); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/country" {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask(w.enter(w.bob), replace, map[string]any{"i": second, "c": "BE"}); r.code() != "NOT_FOUND" {
			t.Errorf("another person: %s", r.Raw)
		}
		w.data(cookie, `mutation($i:ID!){removeAddress(input:{id:$i}){id}}`, map[string]any{"i": second})
		if l := list(); l.get("addresses.nodes.0.default") != true || l.get("addresses.nodes.0.id") != id || len(l.get("addresses.nodes").([]any)) != 1 {
			t.Errorf("%s", l.Raw)
		}
	})
}
