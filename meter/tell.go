package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// tell tells the person of an account something, as they want to hear it; an account without a person hears nothing, and neither does
// anybody of a meter without keys, which could not seal a mail.
func (m *Meter) tell(ctx context.Context, tx pontage.Tx, account pontage.AccountID, n pontage.Notification) error {
	if m.config.Keys == nil {
		return nil
	}
	user, err := tx.UserOfAccount(ctx, account)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	n.UserID, n.CreatedAt = user.ID, m.clock.Now()
	return pontage.Notify(ctx, tx, m.config.Keys, n)
}

// scopeName is a scope's name for people: its id where the catalogue has lost it.
func (m *Meter) scopeName(id pontage.ScopeID) string {
	if s := m.scopeByID(id); s != nil {
		return s.Name
	}
	return string(id)
}

// scopeByID is nil for a scope that the catalogue does not know.
func (m *Meter) scopeByID(id pontage.ScopeID) *pontage.Scope {
	if m.config.Scopes == nil {
		return nil
	}
	s, _ := m.config.Scopes.ScopeByID(id)
	return s
}
