package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pontage/pontage"
)

// digestsDocument is the kind of the operations' digests that an import leaves for the next one.
const digestsDocument = "digests"

// errUnpublished ends a unit of work that needs what is still to be made, outside of it.
var errUnpublished = errors.New("catalog: the document is not published yet")

// writePublished keeps the document, and what this import changed.
func (m *merge) writePublished(ctx context.Context, tx pontage.Tx, before *pontage.Catalog) error {
	digests, err := json.Marshal(m.published.digests)
	if err != nil {
		return err
	}
	known, err := tx.APIDocument(ctx, m.api.ID, digestsDocument)
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return err
	}
	for _, d := range []pontage.APIDocument{
		{APIID: m.api.ID, Kind: pontage.SourceDocument, Digest: m.api.Digest, Data: m.published.source},
		{APIID: m.api.ID, Kind: digestsDocument, Digest: m.api.Digest, Data: digests},
	} {
		if err := tx.PutAPIDocument(ctx, d); err != nil {
			return err
		}
	}
	r := pontage.APIRevision{ID: pontage.NewAPIRevisionID(m.api.UpdatedAt), APIID: m.api.ID, Version: m.version, CreatedAt: m.api.UpdatedAt}
	if known == nil {
		return tx.InsertAPIRevision(ctx, r)
	}
	old := map[string]string{}
	if err := json.Unmarshal(known.Data, &old); err != nil {
		return err
	}
	if r.Changes = m.changes(before, old); len(r.Changes) == 0 && m.version == m.formerVersion {
		return nil
	}
	return tx.InsertAPIRevision(ctx, r)
}

// changes compares the operations and their prices with those before.
func (m *merge) changes(before *pontage.Catalog, digests map[string]string) []pontage.OperationChange {
	wasPrice, isPrice := pricesByScope(before.Scopes), pricesByScope(m.scopes)
	was := map[pontage.OperationID]pontage.Operation{}
	for _, o := range before.Operations {
		if o.APIID == m.api.ID && o.Enabled {
			was[o.ID] = o
		}
	}
	all := []pontage.OperationChange{}
	for _, o := range m.operations {
		former, there := was[o.ID]
		change := pontage.OperationChange{Method: o.Method, Path: o.Path}
		key := o.Method + " " + o.Path
		switch {
		case !there && o.Enabled:
			change.Kind = pontage.OperationAdded
		case there && !o.Enabled:
			change.Kind = pontage.OperationRemoved
		case there && digests[key] != m.published.digests[key]:
			change.Kind = pontage.OperationChanged
		}
		if change.Kind != "" {
			all = append(all, change)
		}
		if from, to := wasPrice[former.ScopeID], isPrice[o.ScopeID]; there && o.Enabled && from != to {
			all = append(all, pontage.OperationChange{Kind: pontage.OperationRepriced, Method: o.Method, Path: o.Path, From: from, To: to})
		}
	}
	slices.SortFunc(all, func(a, b pontage.OperationChange) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Kind, b.Kind))
	})
	return all
}

// pricesByScope gives the prices of a call as decimals; a scope that is not for sale is not there.
func pricesByScope(scopes []pontage.Scope) map[pontage.ScopeID]string {
	prices := make(map[pontage.ScopeID]string, len(scopes))
	for _, sc := range scopes {
		if sc.Price != nil {
			prices[sc.ID] = sc.Price.String()
		}
	}
	return prices
}
