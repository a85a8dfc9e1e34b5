package meter

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// Errors lists the actor's refused and failed calls, newest first; scopes nil means all. What is not folded yet is there too, under
// the id it will keep. InvalidInput at "limit" or "skip".
func (m *Meter) Errors(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error) {
	return m.errors(ctx, pontage.LogQuery{AccountID: by.AccountID, Scopes: scopes, Page: page})
}

// ClientErrors is Errors for the calls of a client's tokens. Needs CallRead.
func (m *Meter) ClientErrors(ctx context.Context, by pontage.Actor, client pontage.ClientID, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error) {
	a, err := pontage.Authorize(ctx, m.store, by, client, pontage.CallRead, m.clock.Now())
	if err != nil {
		return nil, err
	}
	return m.errors(ctx, pontage.LogQuery{AccountID: a.Client.AccountID, ClientID: client, Scopes: scopes, Page: page})
}

func (m *Meter) errors(ctx context.Context, q pontage.LogQuery) ([]pontage.ErrorEntry, error) {
	if err := checkPage(q.Page); err != nil {
		return nil, err
	}
	var list []pontage.ErrorEntry
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		tail, err := r.Tail(ctx, q.AccountID)
		if err != nil {
			return err
		}
		fresh, err := ofClient(ctx, r, q.ClientID, Fold(tail).Errors)
		if err != nil {
			return err
		}
		list, err = mergePage(q.Page, m.named(fresh, q.Scopes), placeOfEntry, func(p pontage.Page) ([]pontage.ErrorEntry, error) {
			stored := q
			stored.Page = p
			return r.ErrorEntries(ctx, stored)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// ofClient keeps the entries of a client's tokens, where one is named.
func ofClient(ctx context.Context, r pontage.TokenReader, client pontage.ClientID, entries []pontage.ErrorEntry) ([]pontage.ErrorEntry, error) {
	if client == "" || len(entries) == 0 {
		return entries, nil
	}
	tokens := newSet[pontage.LineageID](1)
	for _, e := range entries {
		tokens.add(e.LineageID)
	}
	lineages, err := r.LineagesByID(ctx, tokens.list)
	its := newSet[pontage.LineageID](len(lineages))
	for _, l := range lineages {
		if l.ClientID == client {
			its.add(l.ID)
		}
	}
	return slices.DeleteFunc(entries, func(e pontage.ErrorEntry) bool { return !its.has(e.LineageID) }), err
}

// named keeps the entries of the asked scopes and gives them their scopes' names.
func (m *Meter) named(entries []pontage.ErrorEntry, scopes []pontage.ScopeID) []pontage.ErrorEntry {
	kept := entries[:0]
	for _, e := range entries {
		if scopes != nil && !slices.Contains(scopes, e.ScopeID) {
			continue
		}
		e.LineageID = ""
		if m.config.Scopes != nil && e.ScopeID != "" {
			if s, ok := m.config.Scopes.ScopeByID(e.ScopeID); ok {
				e.ScopeName = s.Name
			}
		}
		kept = append(kept, e)
	}
	return kept
}

func placeOfEntry(e pontage.ErrorEntry) pontage.Place {
	return pontage.Place{At: e.At, ID: string(e.ID)}
}
