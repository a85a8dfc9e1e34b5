package server

import (
	"context"
	"net/http"
	"net/url"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/mail"
	"github.com/pontage/pontage/openapi/docs"
)

// mostLetters is how many mails the demo shows.
const mostLetters = 20

// letters shows the outbox of a demo's sandbox to a browser on the same machine. See ADR 16 for what it asks, and why.
type letters struct{ outbox *mail.Outbox }

// showLetters gives the pages an outbox, where there is play money alone, no mail server, and an address that only this machine has.
func (r *running) showLetters() {
	public, err := url.Parse(r.PublicURL())
	if r.values.play == nil || r.Config.SMTP.Address != "" || err != nil || !pontage.IsLocalName(public.Hostname()) {
		return
	}
	r.Documents.Letters = letters{r.Mail}
}

// Visible implements docs.Letters: the request comes from this machine, asks for it by a name of its own, and not because a page of another
// site made the browser.
func (letters) Visible(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return isFromThisMachine(r) && pontage.IsLocalName(hostname(r.Host)) && (site == "" || site == "none" || site == "same-origin")
}

// Newest implements docs.Letters.
func (l letters) Newest(ctx context.Context) ([]docs.Letter, error) {
	all, err := l.outbox.List(ctx, pontage.Operator(), pontage.Keyset{Limit: mostLetters})
	if err != nil {
		return nil, err
	}
	shown := make([]docs.Letter, len(all))
	for i, m := range all {
		text, err := m.Text(l.outbox.Keys)
		if err != nil {
			return nil, err
		}
		shown[i] = docs.Letter{Recipient: m.Recipient, Subject: m.Subject, Text: text, At: m.CreatedAt}
	}
	return shown, nil
}
