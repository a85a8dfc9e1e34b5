package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// walk reads a list page by page and gives what stands at a path of every entry.
func (w *world) walk(by, list, arguments, show, path string) (all []string) {
	w.Helper()
	after := ""
	for range 200 {
		r := w.data(by, fmt.Sprintf(`{%s(first:2%s%s){nodes{id %s} pageInfo{hasNextPage endCursor}}}`, list, arguments, after, show), nil)
		for _, entry := range r.get(list + ".nodes").([]any) {
			all = append(all, fmt.Sprint(at(entry, path)))
		}
		if r.get(list+".pageInfo.hasNextPage") != true {
			return all
		}
		after = fmt.Sprintf(",after:%q", r.text(list+".pageInfo.endCursor"))
	}
	w.Fatalf("%s %s has no end: %v", list, arguments, all)
	return nil
}

// Whoever has many clients, tokens or members finds them by what they are called; pages follow each other without gaps, also where many are
// called the same.
func TestListsAreSortedByWhatTheyShow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var client string
		for _, name := range []string{"banana", "Apple", "cherry", "apple", "Banana", "100 % ☃"} {
			w.clock.Advance(time.Second)
			client = w.data(w.ann.basic(), `mutation($n:String!){createClient(input:{name:$n}){client{id}}}`, map[string]any{"n": name}).text("createClient.client.id")
			w.clock.Advance(time.Second)
			made := w.data(w.ann.basic(), `mutation($n:String!,$s:[String!]!,$t:Int){createToken(input:{name:$n,scopes:$s,ttlSeconds:$t}){token{id}}}`,
				map[string]any{"n": name, "s": []string{startScope}, "t": 1000 * len(name)})
			if name == "cherry" || name == "apple" {
				must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
					return tx.UseCredential(t.Context(), made.text("createToken.token.id"), w.clock.Now(), w.clock.Now())
				}))
			}
		}
		names := []string{"100 % ☃", "Apple", "apple", "banana", "Banana", "cherry"}
		for list, by := range map[string]string{"clients": w.ann.basic(), "tokens": w.ann.basic()} {
			up, down := w.walk(by, list, ",orderBy:NAME_ASCENDING", "name", "name"), w.walk(by, list, ",orderBy:NAME_DESCENDING", "name", "name")
			folded := slices.Clone(up)
			for i := range folded {
				folded[i] = strings.ToLower(folded[i])
			}
			slices.Reverse(down)
			if !slices.IsSorted(folded) || len(up) != len(names) || !slices.Equal(up, down) {
				t.Errorf("%s by name: %v, %v", list, up, down)
			}
		}
		ends := w.walk(w.ann.basic(), "tokens", ",orderBy:EXPIRY_ASCENDING", "expiresAt", "expiresAt")
		if !slices.IsSorted(ends) || len(ends) != len(names) {
			t.Errorf("tokens by their end: %v", ends)
		}
		used := w.walk(w.ann.basic(), "tokens", ",orderBy:LAST_USE_DESCENDING", "name", "name")
		if len(used) != len(names) || used[0] != "apple" || used[1] != "cherry" {
			t.Errorf("tokens by their last use: %v", used)
		}
		for _, host := range []string{"c.example", "a.example", "b.example"} {
			w.clock.Advance(time.Second)
			w.newDomain(w.ann.basic(), client, host)
		}
		r := w.data(w.ann.basic(), `query($c:ID!){client(id:$c){up:domains(orderBy:NAME_ASCENDING){nodes{host}} down:domains(first:1,orderBy:NAME_DESCENDING){nodes{host} pageInfo{endCursor}}}}`, map[string]any{"c": client})
		rest := w.data(w.ann.basic(), `query($c:ID!,$a:String){client(id:$c){domains(after:$a,orderBy:NAME_DESCENDING){nodes{host}}}}`, map[string]any{"c": client, "a": r.get("client.down.pageInfo.endCursor")})
		if fmt.Sprint(r.get("client.up.nodes")) != "[map[host:a.example] map[host:b.example] map[host:c.example]]" || fmt.Sprint(rest.get("client.domains.nodes")) != "[map[host:b.example] map[host:a.example]]" {
			t.Errorf("%s\n%s", r.Raw, rest.Raw)
		}
		wantRefusal(t, "a cursor of another order", w.ask(w.ann.basic(), `query($c:ID!,$a:String){client(id:$c){domains(after:$a,orderBy:NAME_ASCENDING){nodes{host}}}}`,
			map[string]any{"c": client, "a": r.get("client.down.pageInfo.endCursor")}), "INVALID_INPUT", "after")
	})
}

// A client's members are found by name and e-mail, the invited among them; the catalogue by name and price.
func TestMembersAndScopesAreSorted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		for _, name := range []string{"zoe", "Carl", "mia"} {
			p := w.newPerson(name + "@example.com")
			cookie, _ := w.join(p, s.client, "rol_viewer")
			w.data(cookie, `mutation($n:String!){replaceProfile(input:{name:$n}){user{id}}}`, map[string]any{"n": string(name[len(name)-1]) + name})
		}
		of := fmt.Sprintf(",clientId:%q", s.client)
		if names := w.walk(w.ann.basic(), "members", of+",orderBy:NAME_ASCENDING", "person{name}", "person.name"); !slices.Equal(names, []string{"<nil>", "amia", "ezoe", "lCarl"}) {
			t.Errorf("by name: %v", names)
		}
		down := w.walk(w.ann.basic(), "members", of+",orderBy:EMAIL_DESCENDING", "email person{email}", "person.email")
		if !slices.Equal(down, []string{"zoe@example.com", "mia@example.com", "<nil>", "Carl@example.com"}) {
			t.Errorf("by e-mail: %v", down)
		}
		price := func(order string) (all []pontage.Money) {
			for _, text := range w.walk(w.ann.basic(), "scopes", ",order:"+order, "price", "price") {
				m, err := pontage.ParseMoney(text)
				if text == "<nil>" {
					m, err = -1, nil
				}
				must(t, err)
				all = append(all, m)
			}
			return all
		}
		up, back := price("PRICE_ASCENDING"), price("PRICE_DESCENDING")
		slices.Reverse(back)
		names := w.walk(w.ann.basic(), "scopes", "", "name", "name")
		if !slices.IsSorted(up) || !slices.Equal(up, back) || len(up) < 3 || len(up) != len(names) || !slices.IsSorted(names) {
			t.Errorf("scopes by price: %v, %v; by name: %v", up, back, names)
		}
	})
}
