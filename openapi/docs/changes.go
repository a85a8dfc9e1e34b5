package docs

import (
	"net/http"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// changesPage is what imports changed, newest first.
type changesPage struct {
	Host, Title string
	Revisions   []pontage.APIRevision
	// Next is the address of the page behind this one; empty where there is none.
	Next string
}

// revisionsPerPage is how many the page shows.
const revisionsPerPage = 50

func (l *Library) changes(w http.ResponseWriter, r *http.Request, offer catalog.Offer) {
	q := pontage.Keyset{Limit: revisionsPerPage + 1}
	if after := r.URL.Query(); after.Get("id") != "" {
		at, err := time.Parse(time.RFC3339Nano, after.Get("at"))
		if err != nil {
			l.notFound(w, r)
			return
		}
		q.After = pontage.Cursor{At: at, ID: after.Get("id")}
	}
	all, err := l.Store.APIRevisions(r.Context(), offer.API.ID, q)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	content := changesPage{Host: offer.API.Host, Title: offer.API.Title, Revisions: all}
	if len(all) > revisionsPerPage {
		content.Revisions = all[:revisionsPerPage]
		last := content.Revisions[revisionsPerPage-1]
		content.Next = "?id=" + string(last.ID) + "&at=" + last.CreatedAt.UTC().Format(time.RFC3339Nano)
	}
	l.show(w, r, "changes", http.StatusOK, page{Title: "Changes of " + offer.API.Title, Nav: "apis", Content: content,
		Summary: "What every version of this API added, changed, removed and repriced."})
}
