package graph_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage/storagetest"
)

// counter stands between the store and PostgreSQL and counts the statements that travel: each is a message 'Q', or a 'B' that gives values to
// what a 'P' has named.
type counter struct {
	mutex      sync.Mutex
	statements []string
}

// through gives the URL that leads through the counter.
func (c *counter) through(t *testing.T, target string) string {
	t.Helper()
	u, err := url.Parse(target)
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	upstream := u.Host
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", upstream)
			if err != nil {
				client.Close()
				continue
			}
			go func() { _, _ = io.Copy(client, server); client.Close() }()
			go func() { c.copy(server, client); server.Close() }()
		}
	}()
	u.Host = listener.Addr().String()
	return u.String()
}

// copy passes messages on. The first has no type.
func (c *counter) copy(to io.Writer, from io.Reader) {
	named := map[string]string{}
	for kind := make([]byte, 0, 1); ; kind = make([]byte, 1) {
		head := make([]byte, len(kind)+4)
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[len(kind):])-4)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		first, rest, _ := strings.Cut(string(body), "\x00")
		second, _, _ := strings.Cut(rest, "\x00")
		switch {
		case len(kind) == 0:
		case head[0] == 'Q':
			c.note(first)
		case head[0] == 'P':
			named[first] = second
		case head[0] == 'B':
			c.note(named[second])
		}
		if _, err := to.Write(append(head, body...)); err != nil {
			return
		}
	}
}

func (c *counter) note(statement string) {
	verb, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(statement)), " ")
	switch strings.Trim(verb, ";") {
	case "begin", "commit", "rollback", "--":
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.statements = append(c.statements, statement)
}

func (c *counter) take() []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	all := c.statements
	c.statements = nil
	return all
}

// A page of a hundred entries with everything below them costs as many statements as a page of one: one for the list and as many for
// each relation as it has to read for a single entry.
func TestAPageCostsTheSameStatementsWhateverItsLength(t *testing.T) {
	c := &counter{}
	w := newWorld(t, storagetest.Open(t, c.through(t, storagetest.Postgres(t))), nil)
	bearer := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer}}`, map[string]any{"s": []string{startScope}}).text("createToken.bearer")
	for i := range 100 {
		w.clock.Advance(time.Second)
		made := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id} clientSecret{id} secretText}}`, nil)
		id := made.text("createClient.client.id")
		w.clientToken(id, made.text("createClient.secretText"), fmt.Sprint(i))
		w.furnish(pontage.ClientID(id), pontage.SecretID(made.text("createClient.clientSecret.id")))
	}
	w.credit(w.ann, "100")
	for range 101 {
		w.call(bearer, "GET", "/IT-start/1", 200)
	}
	cookie := w.enter(w.ann)
	for range 101 {
		w.clock.Advance(time.Second)
		w.notify(w.ann)
	}
	for range 49 {
		w.clock.Advance(time.Second)
		w.data(w.ann.basic(), `mutation{createAPIKey(input:{label:"k"}){text}}`, nil)
		w.data(cookie, `mutation{addAddress(input:{kind:MAILING,country:"NL"}){address{id}}}`, nil)
		w.enter(w.ann)
	}
	client := w.crowd(100)
	bob := w.enter(w.bob)
	usage := "use_" + w.clock.Now().Format(time.DateOnly) + "_" + apiHost
	for name, q := range map[string]struct {
		query string
		most  int
	}{
		"API keys with their last use":   {`query($n:Int!){apiKeys(first:$n){nodes{id label lastUsedAt}}}`, 2},
		"tokens with last use and maker": {`query($n:Int!){tokens(first:$n){nodes{id lastUsedAt createdBy{actor actorId}}}}`, 3},
		"tokens with their bearers":      {`query($n:Int!){tokens(first:$n){nodes{id bearers(first:5){nodes{id number}}}}}`, 2},
		"filtered tokens":                {`query($n:Int!){tokens(first:$n,filter:{active:true,name:""}){nodes{id}}}`, 1},
		"the audit log":                  {`query($n:Int!){auditLog(first:$n){nodes{id action before{name value} after{name value}}}}`, 1},
		"what a person has": {`query($n:Int!){me{id unreadNotifications notificationPreferences{kind}} notifications(first:$n){nodes{id}}
			addresses(first:$n){nodes{id}} sessions(first:$n){nodes{id current}}}`, 7},
		"members with their roles and persons": {`query($n:Int!){members(clientId:"` + client + `",first:$n){nodes{id status role{id permissions} person{email}}}}`, 4},
		"roles":                                {`query($n:Int!){roles(clientId:"` + client + `",first:$n){nodes{id permissions}}}`, 2},
		"what a person works on":               {`query($n:Int!){me{memberships(first:$n){nodes{id clientName role{key} client{id permissions}}}}}`, 6},
		"clients with what one may":            {`query($n:Int!){clients(first:$n){nodes{id permissions}}}`, 1},
		"clients with everything below": {`query($n:Int!){clients(first:$n){nodes{id domains(first:1){nodes{id urls{id} secrets(first:1){nodes{id}}}}
			secrets(first:1){nodes{id lastUsedAt domains(first:1){nodes{id}}}} scopes(first:1){nodes{id state scope{price}}}}}}`, 7},
		"clients with their secrets":         {`query($n:Int!){clients(first:$n){nodes{id name secrets(first:20){nodes{id label}}}}}`, 2},
		"tokens with their clients":          {`query($n:Int!){tokens(first:$n){nodes{id name scopes limits{totalRequests} remaining{totalRequests} client{id name}}}}`, 2},
		"tokens with limits and statistics":  {`query($n:Int!){tokens(first:$n){nodes{id scopes limits{totalRequests} usage{totalRequests walletAmount addresses}}}}`, 8},
		"tokens with everything below":       {`query($n:Int!){tokens(first:$n){nodes{id scopes limits{ip} usage{totalRequests} client{id secrets{nodes{id}}}}}}`, 9},
		"errors with their scopes":           {`query($n:Int!){errors(first:$n){nodes{id scope{name price}}}}`, 5},
		"calls with their tokens and checks": {`query($n:Int!){transactionCalls(id:"` + usage + `",first:$n){nodes{id tokenName scope{name} checks{name} outcomes{kind}}}}`, 9},
	} {
		var counts [2]int
		for i, n := range []int{1, 100} {
			w.clock.Advance(time.Minute)
			by := w.ann.basic()
			if name == "what a person has" {
				by = cookie
			}
			if name == "what a person works on" {
				by = bob
			}
			w.data(by, q.query, map[string]any{"n": n}) // what is remembered for a second is remembered now
			c.take()
			r := w.data(by, q.query, map[string]any{"n": n})
			statements := c.take()
			counts[i] = len(statements)
			if name != "errors with their scopes" && name != "API keys with their last use" && strings.Count(r.Raw, `"id"`) < n {
				t.Fatalf("%s: %s", name, r.Raw)
			}
			if len(statements) > q.most {
				t.Errorf("%s: %d statements for %d:\n%.3000s", name, len(statements), n, strings.Join(statements, "\n"))
			}
		}
		t.Logf("%s: %d statements for 1 entry, %d for 100", name, counts[0], counts[1])
		if counts[1] > counts[0]+1 { // a longer page of calls may lie in two stretches of the log
			t.Errorf("%s: %d statements for 1 entry, %d for 100", name, counts[0], counts[1])
		}
	}
	for list, by := range map[string]string{"apiKeys": w.ann.basic(), "tokens": w.ann.basic(), "notifications": cookie, "addresses": cookie, "sessions": cookie} {
		one, twenty := w.nodes(c, by, list, 1), w.nodes(c, by, list, 20)
		if t.Logf("%s: %d statements for 1 node, %d for 20", list, one, twenty); one != twenty {
			t.Errorf("%s: %d statements for 1 node, %d for 20", list, one, twenty)
		}
	}
	w.belowClients(t, c, client, bob)
}

// belowClients finds nodes that belong to clients, as their account does and as a member, and wants as many statements for twenty as for one.
func (w *world) belowClients(t *testing.T, c *counter, client, member string) {
	t.Helper()
	below := w.data(w.ann.basic(), `{clients(first:20){nodes{id secrets(first:1){nodes{id}} domains(first:1){nodes{id urls{id}}} scopes(first:1){nodes{id}}}}}`, nil).get("clients.nodes").([]any)
	team := w.data(w.ann.basic(), `{members(clientId:"`+client+`",first:20){nodes{id}} roles(clientId:"`+client+`",first:20){nodes{id}}}`, nil)
	kinds := map[string][]any{"members": nil, "roles": nil}
	for kind, path := range map[string]string{"clients": "id", "secrets": "secrets.nodes.0.id", "domains": "domains.nodes.0.id", "URLs": "domains.nodes.0.urls.0.id", "client scopes": "scopes.nodes.0.id"} {
		for _, c := range below {
			kinds[kind] = append(kinds[kind], at(c, path))
		}
	}
	for kind := range map[string]bool{"members": true, "roles": true} {
		for _, entry := range team.get(kind + ".nodes").([]any) {
			kinds[kind] = append(kinds[kind], at(entry, "id"))
		}
	}
	for kind, ids := range kinds {
		for who, by := range map[string]string{"the account": w.ann.basic(), "a member": member} {
			one, twenty := w.found(c, by, ids[:1]), w.found(c, by, ids)
			if t.Logf("%s: %s finds 1 with %d statements, 20 with %d", kind, who, one, twenty); one != twenty || one > 6 {
				t.Errorf("%s: %s finds 1 with %d statements, 20 with %d", kind, who, one, twenty)
			}
		}
	}
}

// nodes finds the first n of a list by their ids and says how many statements that took.
func (w *world) nodes(c *counter, by, list string, n int) int {
	w.Helper()
	page := w.data(by, "{"+list+"(first:"+fmt.Sprint(n)+"){nodes{id}}}", nil).get(list + ".nodes").([]any)
	var ids []any
	for _, entry := range page {
		ids = append(ids, at(entry, "id"))
	}
	if len(ids) != n {
		w.Fatalf("%s: %d", list, len(ids))
	}
	return w.found(c, by, ids)
}

// found finds nodes by their ids and says how many statements that took.
func (w *world) found(c *counter, by string, ids []any) int {
	w.Helper()
	w.data(by, "{viewer{id}}", nil) // what is remembered for a second is remembered now
	c.take()
	found := w.data(by, "query($i:[ID!]!){nodes(ids:$i){id}}", map[string]any{"i": ids})
	if statements := c.take(); !strings.Contains(found.Raw, "null") {
		return len(statements)
	}
	w.Fatalf("%v: %s", ids, found.Raw)
	return 0
}

// furnish gives a client a domain with a URL and its secret.
func (w *world) furnish(client pontage.ClientID, secret pontage.SecretID) {
	w.Helper()
	now := w.clock.Now()
	d := pontage.Domain{ID: pontage.NewDomainID(now), ClientID: client, Host: "shop.example", CreatedAt: now, UpdatedAt: now}
	must(w, w.store.Write(w.Context(), func(tx pontage.Tx) error {
		if err := tx.InsertDomain(w.Context(), d); err != nil {
			return err
		}
		if err := tx.InsertDomainURL(w.Context(), pontage.DomainURL{ID: pontage.NewDomainURLID(now), DomainID: d.ID, Kind: pontage.URLCallback, URL: "https://shop.example", Active: true, CreatedAt: now}); err != nil {
			return err
		}
		_, err := tx.LinkSecret(w.Context(), pontage.SecretDomain{SecretID: secret, DomainID: d.ID})
		return err
	}))
}

// clientToken makes a token that belongs to a client, as /oauth2/token does.
func (w *world) clientToken(id, secret, name string) {
	w.Helper()
	by, err := w.partners.AuthenticateClient(w.Context(), clientID(id), secret)
	must(w, err)
	_, err = w.oauth.Issue(w.Context(), by, issueNamed(name))
	must(w, err)
}
