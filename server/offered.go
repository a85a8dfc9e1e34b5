package server

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/partner"
)

// offered gives the catalogue to package partner.
type offered struct{ *catalog.Service }

// Offered implements partner.ScopeCatalog.
func (o offered) Offered(ctx context.Context, account pontage.AccountID) ([]partner.OfferedScope, error) {
	scopes, err := o.Scopes(ctx, account)
	if err != nil {
		return nil, err
	}
	all := make([]partner.OfferedScope, len(scopes))
	for i, sc := range scopes {
		all[i] = partner.OfferedScope{Scope: sc.Scope, Open: sc.Enabled}
	}
	return all, nil
}
