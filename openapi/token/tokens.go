package token

import (
	"context"
	"net/http"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// CreateToken is POST /tokens.
func (a *api) CreateToken(w http.ResponseWriter, r *http.Request) {
	in, err := issueInput(r)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	issued, err := a.OAuth.Issue(r.Context(), openapi.Actor(r), in)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	// A new token has used nothing yet.
	a.Answer(w, r, issuedJSON(issued, usage{}), nil)
}

// ListTokens is GET /tokens; with an id it answers that token.
func (a *api) ListTokens(w http.ResponseWriter, r *http.Request, p generated.ListTokensParams) {
	if p.Id != nil {
		a.answerToken(w, r, *p.Id, "id")
		return
	}
	by := openapi.Actor(r)
	list, err := a.OAuth.Tokens(r.Context(), by, page(p.Skip, p.Limit))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	ids := make([]pontage.LineageID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	used, err := a.Meter.Usage(r.Context(), by, ids)
	out := make([]generated.TokenDetail, len(list))
	for i := range list {
		out[i] = tokenJSON(&list[i], used[list[i].ID])
	}
	a.Answer(w, r, out, err)
}

// GetToken is GET /tokens/{token}.
func (a *api) GetToken(w http.ResponseWriter, r *http.Request, token generated.Token) {
	a.answerToken(w, r, token, "token")
}

func (a *api) answerToken(w http.ResponseWriter, r *http.Request, text, field string) {
	id, err := a.reference(text, field)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	detail, err := a.OAuth.Token(r.Context(), openapi.Actor(r), id)
	a.answerDetail(w, r, detail, err)
}

// UpdateToken is PATCH /tokens/{token}: a change, or with the refresh token a rotation.
func (a *api) UpdateToken(w http.ResponseWriter, r *http.Request, token generated.Token) {
	by := openapi.Actor(r)
	id, err := a.reference(token, "token")
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	if by.Kind == pontage.ActorRefresh {
		a.rotate(w, r, by, id)
		return
	}
	in, err := updateInput(r)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	detail, err := a.OAuth.Update(r.Context(), by, id, in)
	a.answerDetail(w, r, detail, err)
}

func (a *api) rotate(w http.ResponseWriter, r *http.Request, by pontage.Actor, id pontage.TokenID) {
	issued, err := a.OAuth.Rotate(r.Context(), by, id)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	// The old pair is dead: whatever happens now, the new one must be told.
	used, err := a.used(context.WithoutCancel(r.Context()), &issued.Detail)
	if err != nil {
		a.Logger.WarnContext(r.Context(), "a rotated token is shown without its latest statistics", "lineage", issued.ID, "error", err)
		used.Usage = issued.Usage
	}
	a.Answer(w, r, issuedJSON(issued, used), nil)
}

// DeleteToken is DELETE /tokens/{token}.
func (a *api) DeleteToken(w http.ResponseWriter, r *http.Request, token generated.Token) {
	id, err := a.reference(token, "token")
	if err == nil {
		err = a.OAuth.Revoke(r.Context(), openapi.Actor(r), id)
	}
	a.Answer(w, r, nil, err)
}

func (a *api) reference(text, field string) (pontage.TokenID, error) {
	id, err := a.OAuth.ParseTokenReference(text)
	if err != nil {
		return "", pontage.Public(err).At(field)
	}
	return id, nil
}

func (a *api) answerDetail(w http.ResponseWriter, r *http.Request, detail *oauth.Detail, err error) {
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	used, err := a.used(r.Context(), detail)
	a.Answer(w, r, tokenJSON(detail, used), err)
}

// used reads what one token did, as its account.
func (a *api) used(ctx context.Context, d *oauth.Detail) (usage, error) {
	by := pontage.Actor{Kind: pontage.ActorAccount, AccountID: d.AccountID}
	all, err := a.Meter.Usage(ctx, by, []pontage.LineageID{d.ID})
	return all[d.ID], err
}
