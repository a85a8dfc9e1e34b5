package graph_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

const (
	askInvite = `mutation($c:ID!,$e:String!,$r:ID!,$x:DateTime){inviteMember(input:{clientId:$c,email:$e,roleId:$r,expiresAt:$x}){member{id email status role{key} person{id} invitedUntil}}}`
	askJoin   = `mutation($c:String!){joinClient(input:{code:$c}){membership{id clientId clientName client{id} role{key permissions}}}}`
)

var memberCode = regexp.MustCompile(`code: (\S+)`)

// mailedCode is that of the newest invitation to an e-mail.
func (w *world) mailedCode(email string) string {
	w.Helper()
	mails, err := w.store.Mails(w.Context(), pontage.Keyset{Limit: 100})
	must(w, err)
	for _, m := range mails {
		if m.Recipient == email && m.Kind == "member_invitation" {
			text, err := m.Text(w.credentials.Keys)
			must(w, err)
			return memberCode.FindStringSubmatch(text)[1]
		}
	}
	w.Fatalf("no invitation to %s", email)
	return ""
}

// join makes p a member of ann's client and gives p's session and the member's id.
func (w *world) join(p person, client string, role any) (cookie, member string) {
	w.Helper()
	w.clock.Advance(time.Second)
	w.data(w.ann.basic(), askInvite, map[string]any{"c": client, "e": p.email, "r": role})
	cookie = w.enter(p)
	return cookie, w.data(cookie, askJoin, map[string]any{"c": w.mailedCode(p.email)}).text("joinClient.membership.id")
}

// newRole makes a role of a client's own by who.
func (w *world) newRole(who, client, key string, level int, permissions ...string) *reply {
	w.Helper()
	return w.ask(who, `mutation($c:ID!,$k:String!,$l:Int!,$p:[Permission!]!){createRole(input:{clientId:$c,key:$k,name:$k,level:$l,permissions:$p}){role{id status permissions}}}`,
		map[string]any{"c": client, "k": key, "l": level, "p": append([]string{}, permissions...)})
}

func wantRefusal(t *testing.T, what string, r *reply, code, field string) {
	t.Helper()
	if r.code() != code || code != "" && r.Errors[0].Extensions.Field != field {
		t.Errorf("%s: want %s at %q: %s", what, code, field, r.Raw)
	}
}

// Somebody who is invited accepts by the mailed code, finds the client of another account, and does there what the role holds and no more.
func TestAMemberWorksOnAClientOfAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		role := w.newRole(w.ann.basic(), client, "clerk", 20, "CLIENT_READ", "CLIENT_DISABLE")
		in := map[string]any{"c": client, "e": strings.ToUpper(w.bob.email), "r": role.get("createRole.role.id")}
		invited := w.data(w.ann.basic(), askInvite, in)
		for path, want := range map[string]any{"email": in["e"], "status": "INVITED", "role.key": "clerk", "person": nil, "invitedUntil": w.clock.Now().Add(7 * 24 * time.Hour).Format(time.RFC3339)} {
			if got := invited.get("inviteMember.member." + path); got != want {
				t.Errorf("%s is %v, not %v", path, got, want)
			}
		}
		bob := w.enter(w.bob)
		wantRefusal(t, "before", w.ask(bob, `query($i:ID!){client(id:$i){name}}`, map[string]any{"i": client}), "NOT_FOUND", "id")
		code := map[string]any{"c": w.mailedCode(strings.ToUpper(w.bob.email))}
		wantRefusal(t, "another person", w.ask(w.enter(w.ann), askJoin, code), "FORBIDDEN", "")
		wantRefusal(t, "an API key", w.ask(w.bob.basic(), askJoin, code), "FORBIDDEN", "")
		joined := w.data(bob, askJoin, code)
		if joined.get("joinClient.membership.client.id") != client || joined.get("joinClient.membership.role.key") != "clerk" {
			t.Errorf("%s", joined.Raw)
		}
		wantRefusal(t, "twice", w.ask(bob, askJoin, code), "INVALID_INPUT", "/input/code")
		narrow := w.data(bob, `{me{its:memberships(filter:{clientName:"HOP"}){nodes{id}} none:memberships(filter:{clientName:"till"}){nodes{id}}}}`, nil)
		if len(narrow.get("me.its.nodes").([]any)) != 1 || len(narrow.get("me.none.nodes").([]any)) != 0 {
			t.Error(narrow.Raw)
		}
		mine := w.data(bob, `{me{memberships{nodes{id clientId clientName role{permissions} client{name permissions} expiresAt}}} clients{nodes{id}}}`, nil)
		if mine.get("me.memberships.nodes.0.clientName") != "shop" || mine.get("me.memberships.nodes.0.client.permissions.1") != "CLIENT_DISABLE" ||
			mine.get("me.memberships.nodes.0.client.permissions.2") != nil || len(mine.get("clients.nodes").([]any)) != 0 {
			t.Errorf("%s", mine.Raw)
		}
		if r := w.data(bob, `query($i:ID!){client(id:$i){name} node(id:$i){id}}`, map[string]any{"i": client}); r.get("client.name") != "shop" || r.get("node.id") != client {
			t.Errorf("%s", r.Raw)
		}
		w.data(bob, `mutation($i:ID!){disableClient(input:{id:$i}){client{disabledAt}}}`, map[string]any{"i": client})
		wantRefusal(t, "a secret", w.ask(bob, `mutation($i:ID!){createClientSecret(input:{clientId:$i}){text}}`, map[string]any{"i": client}), "FORBIDDEN", "")
		wantRefusal(t, "the members", w.ask(bob, `query($i:ID!){members(clientId:$i){nodes{id}}}`, map[string]any{"i": client}), "FORBIDDEN", "")
		wantRefusal(t, "by an API key", w.ask(w.bob.basic(), `query($i:ID!){client(id:$i){name}}`, map[string]any{"i": client}), "NOT_FOUND", "id")
		seen := w.data(w.ann.basic(), `query($i:ID!){members(clientId:$i){nodes{email status invitedUntil joinedAt person{email} role{name}}}}`, map[string]any{"i": client})
		if seen.get("members.nodes.0.person.email") != w.bob.email || seen.get("members.nodes.0.status") != "ACTIVE" || seen.get("members.nodes.0.email") != nil ||
			seen.get("members.nodes.0.invitedUntil") != nil || seen.text("members.nodes.0.joinedAt") == "" {
			t.Errorf("%s", seen.Raw)
		}
	})
}

// What is taken from a member ends with the next request of the session that has it open; the session itself goes on.
func TestAMembershipEndsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		role := w.newRole(w.ann.basic(), client, "clerk", 20, "CLIENT_READ").get("createRole.role.id")
		look := func(cookie string) string {
			t.Helper()
			r := w.ask(cookie, `query($i:ID!){client(id:$i){name} me{memberships{nodes{id}}}}`, map[string]any{"i": client})
			if n := len(r.get("me.memberships.nodes").([]any)); n > 1 || (n == 1) != (r.code() == "") {
				t.Errorf("%d memberships: %s", n, r.Raw)
			}
			return r.code()
		}
		bob, member := w.join(w.bob, client, role)
		change := func(mutation string, variables map[string]any, want string) {
			t.Helper()
			w.clock.Advance(time.Second)
			w.data(w.ann.basic(), mutation, variables)
			if got := look(bob); got != want {
				t.Errorf("after %s: %q, want %q", mutation, got, want)
			}
		}
		soon := w.clock.Now().Add(time.Hour).Format(time.RFC3339)
		const update, updateRole = `mutation($i:ID!,$x:DateTime){updateMember(input:{id:$i,expiresAt:$x}){member{expiresAt}}}`, `mutation($i:ID!,$d:Boolean!){updateRole(input:{id:$i,disabled:$d}){role{status}}}`
		change(updateRole, map[string]any{"i": role, "d": true}, "NOT_FOUND")
		change(updateRole, map[string]any{"i": role, "d": false}, "")
		change(update, map[string]any{"i": member, "x": soon}, "")
		w.clock.Advance(time.Hour)
		if got := look(bob); got != "NOT_FOUND" {
			t.Errorf("after the end: %q", got)
		}
		change(update, map[string]any{"i": member, "x": nil}, "")
		change(`mutation($i:ID!){removeMember(input:{id:$i}){id}}`, map[string]any{"i": member}, "NOT_FOUND")
		told := w.data(bob, `{notifications{nodes{title}}}`, nil)
		if told.get("notifications.nodes.0.title") != "You are no member any more" {
			t.Errorf("%s", told.Raw)
		}
	})
}

// Whoever invites sees what became of it, sends it again where it was lost, and takes it back.
func TestInvitationsAreListedRenewedAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		id := w.data(w.ann.basic(), askInvite, map[string]any{"c": client, "e": w.bob.email, "r": "rol_viewer"}).get("inviteMember.member.id")
		old := w.mailedCode(w.bob.email)
		list := func(statuses ...string) int {
			t.Helper()
			r := w.data(w.ann.basic(), `query($c:ID!,$s:[MemberStatus!]){members(clientId:$c,filter:{statuses:$s}){nodes{id status}}}`, map[string]any{"c": client, "s": statuses})
			return len(r.get("members.nodes").([]any))
		}
		if list("INVITED", "LAPSED") != 1 || list("LAPSED") != 0 || list("ACTIVE") != 0 {
			t.Error("the invitation is not listed as one")
		}
		w.clock.Advance(8 * 24 * time.Hour)
		if list("LAPSED") != 1 || list("INVITED") != 0 {
			t.Error("it has not lapsed")
		}
		bob := w.enter(w.bob)
		renewed := w.data(w.ann.basic(), `mutation($i:ID!){renewInvitation(input:{id:$i}){member{id status}}}`, map[string]any{"i": id})
		if renewed.get("renewInvitation.member.id") != id || renewed.get("renewInvitation.member.status") != "INVITED" {
			t.Errorf("%s", renewed.Raw)
		}
		wantRefusal(t, "the earlier code", w.ask(bob, askJoin, map[string]any{"c": old}), "INVALID_INPUT", "/input/code")
		code := w.mailedCode(w.bob.email)
		const remove = `mutation($i:ID!){removeMember(input:{id:$i}){id}}`
		w.data(w.ann.basic(), remove, map[string]any{"i": id})
		wantRefusal(t, "withdrawn", w.ask(bob, askJoin, map[string]any{"c": code}), "INVALID_INPUT", "/input/code")
		cookie, member := w.join(w.bob, client, "rol_viewer")
		wantRefusal(t, "who has joined", w.ask(w.ann.basic(), `mutation($i:ID!){renewInvitation(input:{id:$i}){member{id}}}`, map[string]any{"i": member}), "CONFLICT", "")
		wantRefusal(t, "who is in", w.ask(w.ann.basic(), askInvite, map[string]any{"c": client, "e": w.bob.email, "r": "rol_viewer"}), "CONFLICT", "")
		w.data(cookie, remove, map[string]any{"i": member}) // whoever wants may leave
	})
}

// By this door too nobody makes more of their role than it is, touches who stands above, or leaves a client without an owner; and what was
// done is in the log, with who did it.
func TestNobodyGrantsWhatTheyDoNotHold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		client := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		hand := w.newRole(w.ann.basic(), client, "hand", 50, "CLIENT_READ", "MEMBER_READ", "MEMBER_WRITE", "ROLE_READ", "ROLE_WRITE", "AUDIT_READ").get("createRole.role.id")
		cara, dan := w.newPerson("cara@example.com"), w.newPerson("dan@example.com")
		_, owner := w.join(cara, client, "rol_owner")
		_, low := w.join(dan, client, w.newRole(w.ann.basic(), client, "low", 10).get("createRole.role.id"))
		bob, self := w.join(w.bob, client, hand)
		update := func(member string, role any) *reply {
			return w.ask(bob, `mutation($i:ID!,$r:ID){updateMember(input:{id:$i,roleId:$r}){member{role{key}}}}`, map[string]any{"i": member, "r": role})
		}
		for what, r := range map[string]*reply{
			"invite an owner":           w.ask(bob, askInvite, map[string]any{"c": client, "e": "x@example.com", "r": "rol_owner"}),
			"raise oneself":             update(self, "rol_administrator"),
			"raise another":             update(low, "rol_developer"),
			"lower an owner":            update(owner, hand),
			"remove an owner":           w.ask(bob, `mutation($i:ID!){removeMember(input:{id:$i}){id}}`, map[string]any{"i": owner}),
			"a role above":              w.newRole(bob, client, "above", 51),
			"a role that holds more":    w.newRole(bob, client, "more", 10, "CLIENT_DELETE"),
			"more for a role":           w.ask(bob, `mutation($i:ID!){updateRole(input:{id:$i,permissions:[CLIENT_READ,WALLET_READ]}){role{id}}}`, map[string]any{"i": hand}),
			"a role raised above":       w.ask(bob, `mutation($i:ID!){updateRole(input:{id:$i,level:51}){role{id}}}`, map[string]any{"i": hand}),
			"a built-in role":           w.ask(w.ann.basic(), `mutation{updateRole(input:{id:"rol_viewer",name:"x"}){role{id}}}`, nil),
			"a built-in role, for ever": w.ask(w.ann.basic(), `mutation{deleteRole(input:{id:"rol_viewer"}){id}}`, nil),
		} {
			wantRefusal(t, what, r, "FORBIDDEN", "")
		}
		for _, mutation := range []string{`removeMember(input:{id:$i}){id}`, `updateMember(input:{id:$i,roleId:"rol_viewer"}){member{id}}`, `updateMember(input:{id:$i,expiresAt:"2027-01-01T00:00:00Z"}){member{id}}`} {
			if w.entered[w.ann.id] {
				t.Fatal("ann's user is an owner beside")
			}
			wantRefusal(t, "the last owner", w.ask(w.ann.basic(), "mutation($i:ID!){"+mutation+"}", map[string]any{"i": owner}), "CONFLICT", "")
		}
		wantRefusal(t, "a role in use", w.ask(bob, `mutation($i:ID!){deleteRole(input:{id:$i}){id}}`, map[string]any{"i": hand}), "CONFLICT", "")
		w.clock.Advance(time.Second)
		if r := update(low, hand); r.get("updateMember.member.role.key") != "hand" {
			t.Errorf("%s", r.Raw)
		}
		log := w.data(bob, `query($c:ID!){auditLog(first:100,filter:{clientId:$c}){nodes{action actor actorId target clientId before{name value} after{name value}}}}`, map[string]any{"c": client})
		var actions []string
		for _, n := range log.get("auditLog.nodes").([]any) {
			actions = append(actions, n.(map[string]any)["action"].(string))
		}
		for _, want := range []string{"role.create", "member.invite", "member.accept", "member.update"} {
			if !slices.Contains(actions, want) {
				t.Errorf("%s is not in %v", want, actions)
			}
		}
		me := w.data(bob, "{me{id}}", nil).get("me.id")
		if log.get("auditLog.nodes.0.action") != "member.update" || log.get("auditLog.nodes.0.actorId") != me || log.get("auditLog.nodes.0.target") != low ||
			log.get("auditLog.nodes.0.after.0.name") != "role" || log.get("auditLog.nodes.0.after.0.value") != hand {
			t.Errorf("%s", log.Raw)
		}
		own := w.data(w.ann.basic(), `query($i:ID!){auditLog(filter:{target:$i}){nodes{action}}}`, map[string]any{"i": low})
		if own.get("auditLog.nodes.0.action") != "member.update" {
			t.Errorf("the account's own log: %s", own.Raw)
		}
	})
}

// permissionOf is the rules' word for one of the schema's.
func permissionOf(name string) pontage.Permission {
	return pontage.Permission(strings.ReplaceAll(strings.ToLower(name), "_", "."))
}
