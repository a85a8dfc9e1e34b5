package docs

import (
	"net/http"

	"github.com/pontage/pontage/catalog"
)

// The policies of programs of others: both write style attributes, and Redoc's search runs in a worker it makes of its own text.
const (
	swaggerPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	redocPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// consolePage is a document in a program that reads it.
type consolePage struct {
	Host, Title string
	// Server is the path of the document's server below this instance: trial calls go to the origin the page came from, so that no other
	// origin has to allow them.
	Server string
}

func (l *Library) swagger(w http.ResponseWriter, r *http.Request, offer catalog.Offer) {
	l.console(w, r, offer, "swagger", swaggerPolicy)
}

func (l *Library) redoc(w http.ResponseWriter, r *http.Request, offer catalog.Offer) {
	l.console(w, r, offer, "redoc", redocPolicy)
}

func (l *Library) console(w http.ResponseWriter, r *http.Request, offer catalog.Offer, name, policy string) {
	doc, err := l.reading(r.Context(), offer)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	l.show(w, r, name, http.StatusOK, page{Title: doc.Title, Nav: "apis", Summary: firstSentence(doc.Description),
		Content: consolePage{Host: offer.API.Host, Title: doc.Title, Server: doc.base}})
}
