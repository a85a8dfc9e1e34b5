package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// numberedBearers are the bearers of lineages, each with its number and its end; the list of lineages follows. A bearer that is good now ends when
// its lineage is revoked, every other one ended when the next was made.
const numberedBearers = "(SELECT t.id, t.lineage_id, t.created_at, row_number() OVER (PARTITION BY t.lineage_id ORDER BY t.created_at, t.id) AS number," +
	" CASE WHEN t.id = l.token_id THEN l.revoked_at ELSE coalesce(lead(t.created_at) OVER (PARTITION BY t.lineage_id ORDER BY t.created_at, t.id), l.updated_at) END AS ended_at" +
	" FROM tokens t JOIN lineages l ON l.id = t.lineage_id WHERE t.lineage_id IN "

// Bearers implements pontage.TokenReader.
func (r reader) Bearers(ctx context.Context, lineages []pontage.LineageID, current *bool, page pontage.Keyset) ([]pontage.Bearer, error) {
	if len(lineages) == 0 {
		return nil, nil
	}
	each := pageOfEach{columns: "v.id, v.lineage_id, v.created_at, v.number, v.ended_at", alias: "v", parent: "v.lineage_id"}
	s := in(r.fixed(each.head(page)+numberedBearers), lineages).sql(") v WHERE TRUE").either(current, "v.ended_at IS NULL")
	return listEach(ctx, r, s, each, page, "token", func(b *pontage.Bearer) []any {
		return []any{&b.ID, &b.LineageID, timeInto(&b.CreatedAt), &b.Number, timeInto(&b.EndedAt)}
	})
}
