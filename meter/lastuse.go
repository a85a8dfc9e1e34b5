package meter

import (
	"context"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

// useEvery is how often it is noted that a token is used.
const useEvery = time.Minute

// noteUse keeps when tokens were last used, for each once a minute and beside the rows that calls need.
func (m *Meter) noteUse(ctx context.Context, used map[pontage.LineageID]time.Time) {
	due := map[pontage.LineageID]time.Time{}
	for id, at := range used {
		if noted, ok := m.used.Get(id); !ok || at.Sub(noted) >= useEvery {
			due[id] = at
		}
	}
	if len(due) == 0 {
		return
	}
	err := m.store.Write(ctx, func(tx pontage.Tx) error {
		for id, at := range due {
			if err := tx.UseCredential(ctx, string(id), at, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		if ctx.Err() == nil {
			m.log.Warn("could not note the use of tokens", slog.String("error", err.Error()))
		}
		return
	}
	for id, at := range due {
		m.used.Add(id, at)
	}
}

// LastUses says when tokens were last used for an admitted call, within a minute; those never used are left out.
func (m *Meter) LastUses(ctx context.Context, lineages []pontage.LineageID) (map[pontage.LineageID]time.Time, error) {
	ids := make([]string, len(lineages))
	for i, id := range lineages {
		ids[i] = string(id)
	}
	uses, err := m.store.CredentialUses(ctx, ids)
	found := make(map[pontage.LineageID]time.Time, len(uses))
	for id, at := range uses {
		found[pontage.LineageID(id)] = at
	}
	return found, err
}
