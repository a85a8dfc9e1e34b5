package graph_test

import (
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// members walks as somebody who works on ann's client: with a role that holds nothing, with one that lacks only what a field needs, and
// after the membership has ended.
func (m *matrix) members(s *seeded, ids []string) {
	m.Helper()
	carl, ann := m.newPerson("carl@example.com"), pontage.Actor{Kind: pontage.ActorAccount, AccountID: m.ann.id}
	role := m.newRole(m.ann.basic(), s.client, "walker", 50).text("createRole.role.id")
	made := m.data(m.ann.basic(), `mutation($c:ID!,$s:[String!]!){createToken(input:{clientId:$c,scopes:$s}){bearer refreshToken token{id}}}`,
		map[string]any{"c": s.client, "s": []string{startScope}})
	token, call := made.text("createToken.token.id"), string(m.call(made.text("createToken.bearer"), "GET", "/IT-start/7", 200).CallID)
	m.refresh = made.text("createToken.refreshToken")
	ids, m.secrets = append(slices.Clone(ids), token, call), append(slices.Clone(m.secrets), token, call)
	cookie, member := m.join(carl, s.client, role)
	m.data(cookie, `mutation{chooseNotifications(input:{preferences:[{kind:ACCESS,shown:false,mailed:false}]}){preferences{kind}}}`, nil) // they name the client
	hold := func(permissions ...pontage.Permission) {
		_, err := m.partners.UpdateRole(m.Context(), ann, pontage.RoleID(role), partner.RoleUpdate{Permissions: &permissions})
		must(m, err)
	}
	session, secrets, before := m.sessionOf(carl), m.secrets, m.whole(m.ann, s)
	// A member knows which client it is.
	m.secrets = slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool { return secret == s.client })
	m.walk(ids, func(f *ast.FieldDefinition, _ *ast.Directive, document, _ string) {
		m.mustHide("a member whose role holds nothing", document, m.ask(session(f), document, nil))
	})
	for _, p := range pontage.Permissions() {
		rest := slices.DeleteFunc(pontage.Permissions(), func(q pontage.Permission) bool { return q == p })
		hold(rest...)
		m.lacking(p, ids, session)
	}
	hold(pontage.Permissions()...)
	m.mustShowMember([]string{s.client, s.secret, s.role, s.invitation, s.domain, s.url, token, call}, session)
	m.secrets = secrets
	m.endMember(ann, member, m.clock.Now().Add(time.Second))
	m.clock.Advance(time.Second)
	m.another("an expired member", ids, session)
	hold()
	m.endMember(ann, member, time.Time{})
	if after := m.whole(m.ann, s); after != before {
		m.Errorf("a member changed ann's things:\n%s\n%s", before, after)
	}
	must(m, m.partners.RemoveMember(m.Context(), ann, pontage.MemberID(member)))
	must(m, m.partners.DeleteRole(m.Context(), ann, pontage.RoleID(role)))
}

func (m *matrix) endMember(by pontage.Actor, id string, at time.Time) {
	m.Helper()
	_, err := m.partners.UpdateMember(m.Context(), by, pontage.MemberID(id), partner.MemberInput{ExpiresAt: &at})
	must(m, err)
}

// lacking walks the fields that need p as a member who holds everything else: each refuses what is of the client for the role's sake, and
// shows nothing.
func (m *matrix) lacking(p pontage.Permission, ids []string, session func(*ast.FieldDefinition) string) {
	m.Helper()
	refused := map[string]bool{}
	m.walk(ids, func(f *ast.FieldDefinition, access *ast.Directive, document, _ string) {
		needs := access.Arguments.ForName("permission")
		if needs == nil || permissionOf(needs.Value.Raw) != p {
			return
		}
		r := m.ask(session(f), document, nil)
		m.mustHide("a member without "+string(p), document, r)
		refused[f.Name] = refused[f.Name] || r.code() == "FORBIDDEN" && r.Data[f.Name] == nil
	})
	for field, was := range refused {
		if !was {
			m.Errorf("%s does not need %s of a member", field, p)
		}
	}
}

// mustShowMember proves that the walk asks what a member can be answered.
func (m *matrix) mustShowMember(ids []string, session func(*ast.FieldDefinition) string) {
	m.Helper()
	for _, id := range ids {
		shown := false
		m.walk([]string{id}, func(f *ast.FieldDefinition, access *ast.Directive, document, _ string) {
			if strings.HasPrefix(document, "query") && (access.Arguments.ForName("permission") != nil || f.Name == "node") && f.Name != "auditLog" && m.takesID(f) {
				r := m.ask(session(f), document, nil)
				shown = shown || r.Data[f.Name] != nil && len(r.Errors) == 0
			}
		})
		if !shown {
			m.Errorf("no query shows a member with every permission the client's %s", id)
		}
	}
}
