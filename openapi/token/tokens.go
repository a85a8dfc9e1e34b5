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
func (a *api) CreateToken(w http.ResponseWriter, r *http.Request, _ generated.CreateTokenParams) {
	in, err := issueInput(r)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	// A new token has used nothing yet.
	by := openapi.Repeatable(r, func(_ context.Context, _ pontage.Reader, issued *oauth.Issued) (any, error) {
		return issuedJSON(issued, usage{}), nil
	})
	issued, err := a.OAuth.Issue(r.Context(), by, in)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, issuedJSON(issued, usage{}), nil)
}

// ListTokens is GET /tokens; with an id it answers that token.
func (a *api) ListTokens(w http.ResponseWriter, r *http.Request, p generated.ListTokensParams) {
	if p.Id != nil {
		a.answerToken(w, r, *p.Id, "id")
		return
	}
	// The counters are the tokens' own, which every call changes; only the addresses are kept elsewhere.
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
	seen, err := a.Meter.Addresses(r.Context(), by, ids)
	a.Answer(w, r, tokenList{list, seen}, err)
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
func (a *api) UpdateToken(w http.ResponseWriter, r *http.Request, token generated.Token, _ generated.UpdateTokenParams) {
	by := openapi.Actor(r)
	id, err := a.reference(token, "token")
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	if by.Kind == pontage.ActorRefresh {
		a.rotate(w, r, id)
		return
	}
	in, err := updateInput(r)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	by = openapi.Repeatable(r, func(ctx context.Context, r pontage.Reader, detail *oauth.Detail) (any, error) {
		used, err := a.usedIn(ctx, r, detail)
		return tokenJSON(detail, used), err
	})
	detail, err := a.OAuth.Update(r.Context(), by, id, in)
	if err == nil && a.AnswerKept(w, r) {
		return
	}
	a.answerDetail(w, r, detail, err)
}

func (a *api) rotate(w http.ResponseWriter, r *http.Request, id pontage.TokenID) {
	by := openapi.Repeatable(r, func(ctx context.Context, r pontage.Reader, issued *oauth.Issued) (any, error) {
		used, err := a.usedIn(ctx, r, &issued.Detail)
		return issuedJSON(issued, used), err
	})
	issued, err := a.OAuth.Rotate(r.Context(), by, id)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	if a.AnswerKept(w, r) {
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
func (a *api) DeleteToken(w http.ResponseWriter, r *http.Request, token generated.Token, _ generated.DeleteTokenParams) {
	id, err := a.reference(token, "token")
	if err == nil {
		by := openapi.Repeatable(r, func(context.Context, pontage.Reader, any) (any, error) { return nil, nil })
		err = a.OAuth.Revoke(r.Context(), by, id)
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

// usedIn is used as r sees it.
func (a *api) usedIn(ctx context.Context, r pontage.Reader, d *oauth.Detail) (usage, error) {
	by := pontage.Actor{Kind: pontage.ActorAccount, AccountID: d.AccountID}
	all, err := a.Meter.UsageIn(ctx, r, by, []pontage.LineageID{d.ID})
	return all[d.ID], err
}
