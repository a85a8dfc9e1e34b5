package meter

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// Errors lists the actor's refused and failed calls, newest first; scopes nil means all. What is not folded yet is there too, under
// the id it will keep. InvalidInput at "limit" or "skip".
func (m *Meter) Errors(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error) {
	if err := checkPage(page); err != nil {
		return nil, err
	}
	var list []pontage.ErrorEntry
	err := m.store.Read(ctx, func(r pontage.Reader) error {
		tail, err := r.Tail(ctx, by.AccountID)
		if err != nil {
			return err
		}
		list, err = mergePage(page, m.named(Fold(tail).Errors, scopes), placeOfEntry, func(p pontage.Page) ([]pontage.ErrorEntry, error) {
			return r.ErrorEntries(ctx, pontage.LogQuery{AccountID: by.AccountID, Scopes: scopes, Page: p})
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// named keeps the entries of the asked scopes and gives them their scopes' names.
func (m *Meter) named(entries []pontage.ErrorEntry, scopes []pontage.ScopeID) []pontage.ErrorEntry {
	kept := entries[:0]
	for _, e := range entries {
		if scopes != nil && !slices.Contains(scopes, e.ScopeID) {
			continue
		}
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
