package graph

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/cursor"
	"github.com/pontage/pontage/graph/model"
)

// maxPage is the most entries a page may have.
const maxPage = 100

// question is what a connection's arguments ask.
type question struct {
	list cursor.List
	page pontage.Page
	// first is how many entries are answered; the page has one more, which says whether there is a next one.
	first int
	codec cursor.Codec
}

// ask reads the arguments of a connection. name is the field, parts are what else chooses its entries: cursors are good for exactly
// these. InvalidInput at "first" or "after".
func (r *Resolver) ask(ctx context.Context, name string, first int32, after *string, order model.Order, parts ...any) (*question, error) {
	if first < 1 || first > maxPage {
		return nil, pontage.E(pontage.InvalidInput, "A page has 1 to %d entries.", maxPage).At("first")
	}
	q := &question{
		first: int(first), codec: r.cursors,
		list: cursor.List{Account: actor(ctx).AccountID, Name: name, Parts: []string{string(order)}},
		page: pontage.Page{Limit: int(first) + 1, OldestFirst: order == model.OldestFirst},
	}
	chosen, err := json.Marshal(parts)
	if err != nil {
		return nil, err
	}
	q.list.Parts = append(q.list.Parts, string(chosen))
	if after == nil {
		return q, nil
	}
	q.page.After, err = q.codec.Decode(q.list, *after)
	return q, err
}

// askSorted is ask for lists that may be sorted otherwise than by time.
func (r *Resolver) askSorted(ctx context.Context, name string, first int32, after *string, order model.Order, by *model.SortOrder, parts ...any) (*question, error) {
	if by == nil {
		return r.ask(ctx, name, first, after, order, parts...)
	}
	q, err := r.ask(ctx, name, first, after, order, append(parts, by)...)
	if err == nil {
		q.page.By, q.page.OldestFirst = by.Sorting()
	}
	return q, err
}

// place is where an entry stands in the list: by its time, or by what else the list is sorted by.
func (q *question) place(id string, made time.Time, texts map[pontage.SortKey]string, times map[pontage.SortKey]time.Time) pontage.Place {
	if text, ok := texts[q.page.By]; ok {
		return pontage.Place{Key: pontage.SortText(text), ID: id}
	}
	if at, ok := times[q.page.By]; ok {
		made = pontage.SortTime(at)
	}
	return pontage.Place{At: made, ID: id}
}

// keyset is q's page for lists that are read behind a row.
func (q *question) keyset() pontage.Keyset { return q.page.Keyset() }

// connection makes a page of entries that were read with q's page.
func connection[T any](q *question, entries []T, err error, place func(*T) pontage.Place) (*model.Connection[T], error) {
	if err != nil {
		return nil, err
	}
	c := &model.Connection[T]{PageInfo: model.PageInfo{HasNextPage: len(entries) > q.first}}
	c.Nodes = entries[:min(len(entries), q.first)]
	c.Cursor = func(entry *T) string { return q.codec.Encode(q.list, place(entry)) }
	if n := len(c.Nodes); n > 0 {
		end := c.Cursor(&c.Nodes[n-1])
		c.PageInfo.EndCursor = &end
	}
	return c, nil
}

// window cuts q's page out of a whole list, which it sorts.
func window[T any](q *question, all []T, fits func(*T) bool, place func(*T) pontage.Place) []T {
	slices.SortFunc(all, func(a, b T) int { return q.page.Compare(place(&a), place(&b)) })
	var page []T
	for i := range all {
		if len(page) < q.page.Limit && q.page.Holds(place(&all[i])) && fits(&all[i]) {
			page = append(page, all[i])
		}
	}
	return page
}
