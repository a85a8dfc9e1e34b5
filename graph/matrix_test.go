package graph_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// ids are all that the account has, by which it could be asked for.
func (s *seeded) ids(p person) []string {
	return []string{string(p.id), s.token, s.tokenID, s.bearer, s.client, s.secret, s.domain, s.url, s.clientScope, s.role, s.invitation, s.key, string(s.charged), string(s.refused), s.subscription, s.callback, s.usage, s.top}
}

// unknown is an id of the same form that nobody has.
func unknown(id string) string {
	if strings.HasPrefix(id, "use_") {
		return "use_2026-11-20_nothing.example.com"
	}
	return strings.Map(func(r rune) rune {
		if r >= '1' && r <= '8' {
			return '9'
		}
		return r
	}, id[:len(id)-1]) + "0"
}

var requestID = regexp.MustCompile(`req_[0-9a-z]+`)

// matrix asks every root field of the schema with every id of ann's.
type matrix struct {
	*world
	*generator
	secrets []string
	asked   int
	leaks   int
}

// walk visits every document; each gets the id it was made with.
func (m *matrix) walk(ids []string, visit func(f *ast.FieldDefinition, access *ast.Directive, document, id string)) {
	for _, root := range []*ast.Definition{m.schema.Query, m.schema.Mutation} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			these := ids
			if !m.takesID(f) {
				these = ids[:1]
			}
			for _, id := range these {
				for _, document := range m.documents(root, f, id) {
					m.asked++
					visit(f, f.Directives.ForName("access"), document, id)
				}
			}
		}
	}
}

// mustHide fails where an answer shows what is ann's.
func (m *matrix) mustHide(who, document string, r *reply) {
	m.Helper()
	shown, _ := json.Marshal(r.Data)
	for _, secret := range m.secrets {
		if strings.Contains(string(shown), secret) {
			m.leaks++
			m.Errorf("%s: %s\nshows %s: %s", who, document, secret, r.Raw)
		}
	}
}

// Whatever a stranger asks for, by whatever id: nobody gets nothing, another account what an unknown id gets, credentials of the other
// instance are no credentials, and a token opens what its scopes open.
func TestNobodySeesWhatIsAnothers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newInstance(t, open(), "pt_live", nil)
		sandbox := newInstance(t, storagetest.Open(t, storagetest.SQLite(t)), "pt_test", nil)
		s, theirs := w.seed(w.ann), sandbox.seed(sandbox.ann)
		m := &matrix{world: w, generator: newGenerator(t), secrets: append(append(s.ids(w.ann), s.persons()...), w.ann.email, guest, "till", "Top-up", string(s.failed))}
		ids := append(s.ids(w.ann), s.persons()...)
		m.secrets = slices.DeleteFunc(m.secrets, func(x string) bool { return x == s.usage })

		m.members(s, ids)
		before := w.whole(w.ann, s)
		m.nobody("", ids)
		m.nobody(theirs.cookie, ids[:1])
		m.walk(ids[:1], func(_ *ast.FieldDefinition, _ *ast.Directive, document, _ string) {
			for _, credentials := range []string{sandbox.ann.basic(), theirs.bearer} {
				if r := w.ask(credentials, document, nil); r.Status != 401 || r.Data != nil {
					t.Errorf("the other instance's credentials: %s: %d %s", document, r.Status, r.Raw)
				}
			}
		})
		m.another("another account", ids, func(*ast.FieldDefinition) string { return w.bob.basic() })
		m.another("another person", ids, m.sessionOf(w.bob))
		m.tokens(s, ids)
		m.mustShowOwn(s.ids(w.ann), w.ann.basic())
		m.mustShowOwn(s.persons(), s.cookie)
		if after := w.whole(w.ann, s); after != before {
			t.Errorf("strangers changed ann's things:\n%s\n%s", before, after)
		}
		t.Logf("%d documents asked, %d fields walked, %d leaks", m.asked, m.fields, m.leaks)
	})
}

// public are the fields for everybody: how people come in. No other may be.
var public = []string{"register", "resendVerification", "verifyEmail", "acceptInvitation", "login", "requestPasswordReset", "resetPassword", "confirmEmailChange"}

func isPublic(access *ast.Directive) bool {
	return strings.Contains(access.Arguments.ForName("by").Value.String(), "ANYONE")
}

// nobody walks without credentials, or with some that are good for nothing.
func (m *matrix) nobody(authorization string, ids []string) {
	opened := map[string]bool{}
	m.walk(ids, func(f *ast.FieldDefinition, access *ast.Directive, document, _ string) {
		r := m.ask(authorization, document, nil)
		m.mustHide("nobody", document, r)
		if isPublic(access) {
			opened[f.Name] = true
			return
		}
		if r.code() != "UNAUTHENTICATED" || r.Data[f.Name] != nil {
			m.Errorf("nobody: %s: %s", document, r.Raw)
		}
	})
	for _, name := range public {
		if !opened[name] {
			m.Errorf("%s is not open to everybody", name)
		}
		delete(opened, name)
	}
	if len(opened) > 0 {
		m.Errorf("open to everybody, and nobody decided so: %v", opened)
	}
}

// another walks with credentials of another account: ann's ids are answered as unknown ones are.
func (m *matrix) another(who string, ids []string, credentials func(f *ast.FieldDefinition) string) {
	m.walk(ids, func(f *ast.FieldDefinition, _ *ast.Directive, document, id string) {
		authorization := credentials(f)
		r := m.ask(authorization, document, nil)
		m.mustHide(who, document, r)
		if code := r.code(); code == "GRAPHQL_VALIDATION_FAILED" || code == "TOO_LARGE" {
			m.Errorf("the document says nothing: %s: %s", document, r.Raw)
		}
		if !m.takesID(f) {
			return
		}
		other := m.ask(authorization, strings.ReplaceAll(document, id, unknown(id)), nil)
		if a, b := requestID.ReplaceAllString(r.Raw, ""), requestID.ReplaceAllString(other.Raw, ""); a != b {
			m.Errorf("%s: %s\nwith ann's id %s\nwith an unknown one %s", who, document, a, b)
		}
	})
}

// sessionOf gives the credentials of a person who is logged in, and logs in again for what comes after a logout.
func (m *matrix) sessionOf(p person) func(f *ast.FieldDefinition) string {
	session, over := m.enter(p), false
	return func(f *ast.FieldDefinition) string {
		if over {
			session = m.enter(p)
		}
		over = f.Name == "logout"
		return session
	}
}

// mustShowOwn proves that the walk asks what can be answered: whoever has them finds each of these ids by some query.
func (m *matrix) mustShowOwn(ids []string, credentials string) {
	m.Helper()
	for _, id := range ids {
		shown := 0
		for _, f := range m.schema.Query.Fields {
			if strings.HasPrefix(f.Name, "__") || !m.takesID(f) || f.Name == "quote" || f.Name == "auditLog" {
				continue
			}
			for _, document := range m.documents(m.schema.Query, f, id) {
				if r := m.ask(credentials, document, nil); r.Data[f.Name] != nil && len(r.Errors) == 0 {
					shown++
				}
			}
		}
		if shown == 0 {
			m.Errorf("no query shows %s to whom it belongs", id)
		}
	}
}

// tokens walks with a bearer that holds no scope of the platform, and with one that holds exactly the field's.
func (m *matrix) tokens(s *seeded, ids []string) {
	m.walk(ids[:1], func(f *ast.FieldDefinition, access *ast.Directive, document, _ string) {
		r := m.ask(s.bearer, document, nil, "X-Forwarded-For", "192.0.2.9")
		if isPublic(access) {
			m.mustHide("a token without scopes", document, r)
			return
		}
		want := "FORBIDDEN"
		if access.Arguments.ForName("operation") != nil {
			want = "SCOPE_MISSING"
		}
		if r.code() != want {
			m.Errorf("a token without scopes: %s: want %s: %s", document, want, r.Raw)
		}
	})
	bearers := map[string]string{}
	m.walk(ids[:1], func(f *ast.FieldDefinition, access *ast.Directive, document, _ string) {
		operation := access.Arguments.ForName("operation")
		if operation == nil {
			return
		}
		method, path, _ := strings.Cut(operation.Value.Raw, " ")
		segment, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		scope := method + ":" + platformHost + "/" + segment
		if bearers[scope] == "" {
			made := m.data(m.bob.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer}}`, map[string]any{"s": []string{scope}})
			bearers[scope] = made.text("createToken.bearer")
		}
		r := m.ask(bearers[scope], document, nil)
		m.mustHide("a token of another account", document, r)
		for _, e := range r.Errors {
			if len(e.Path) == 1 && (e.Extensions.Code == "SCOPE_MISSING" && !strings.Contains(e.Message, "give") || e.Extensions.Code == "UNAUTHENTICATED") {
				m.Errorf("a token with %s: %s: %s", scope, document, r.Raw)
			}
		}
	})
}

// whole is everything an account and its person have, as one text.
func (w *world) whole(p person, s *seeded) string {
	w.Helper()
	r := w.data(p.basic(), `{viewer{email name} wallet{balance held} apiKeys(first:100){nodes{id label revokedAt}} clients(first:5){nodes{id name disabledAt secrets(first:5){nodes{id revokedAt expiresAt domains(first:5){nodes{id}}}} domains(first:5){nodes{id host updatedAt urls{id active}}} scopes(first:5){nodes{id state}}}}
		tokens(first:100){nodes{id tokenId name updatedAt usage{totalRequests}}} transactions{nodes{id amount}} subscriptions{nodes{id usedRequests}}}`, nil)
	team := w.data(p.basic(), `query($c:ID!){members(clientId:$c){nodes{id email role{id} expiresAt}} roles(clientId:$c){nodes{id name permissions disabledAt}}}`, map[string]any{"c": s.client})
	mine := w.data(s.cookie, `{me{id email profile{name country} notificationPreferences{kind mailed}} sessions{nodes{id}} addresses{nodes{id default city updatedAt}}
		notifications{nodes{id readAt}}}`, nil)
	return fmt.Sprint(r.Data, team.Data, mine.Data)
}
