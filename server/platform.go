package server

import (
	"context"
	"fmt"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/token"
)

// importPlatform puts the platform's own operations into the catalogue, like any API; an unchanged document changes nothing.
func (i *Instance) importPlatform(ctx context.Context) error {
	host := "oauth." + i.Config.Domain
	report, err := i.Catalog.Import(ctx, pontage.System(), catalog.ImportInput{Documents: []catalog.Document{{
		Name: "platform", Data: token.Document(i.PublicURL(), host, i.values.parts...), Platform: true,
	}}})
	if err != nil {
		return err
	}
	for _, d := range report.Documents {
		if d.Rejection != "" {
			return fmt.Errorf("the platform's own document was rejected: %s at %s", d.Rejection, d.Pointer)
		}
	}
	return i.Catalog.Refresh(ctx)
}
