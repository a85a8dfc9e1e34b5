package docs

import (
	"context"
	"html/template"
	"net/http"
	"strings"
	"time"
)

// Letter is a mail that waits in the outbox.
type Letter struct {
	Recipient, Subject, Text string
	At                       time.Time
}

// Letters shows mails that no server takes away, to whoever may see them.
type Letters interface {
	// Visible says whether the sender of a request may read them.
	Visible(r *http.Request) bool
	// Newest gives some, the newest first.
	Newest(ctx context.Context) ([]Letter, error)
}

// outbox shows a newcomer on the same machine the mail they wait for. For everybody else there is no such page.
func (l *Library) outbox(w http.ResponseWriter, r *http.Request) {
	if l.Letters == nil || !l.Letters.Visible(r) {
		l.notFound(w, r)
		return
	}
	letters, err := l.Letters.Newest(r.Context())
	if err != nil {
		l.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	l.show(w, r, "outbox", http.StatusOK, page{Title: "Outbox", Summary: "Mails that this demo keeps.", Content: letters})
}

// letter renders a mail's text: a line that is an address becomes a link, everything else stays text.
func letter(text string) template.HTML {
	var out strings.Builder
	for line := range strings.Lines(text) {
		shown := template.HTMLEscapeString(line)
		if address := strings.TrimSpace(line); isAddress(address) {
			shown = `<a href="` + template.HTMLEscapeString(address) + `">` + template.HTMLEscapeString(address) + "</a>\n"
		}
		out.WriteString(shown)
	}
	return template.HTML(out.String())
}

func isAddress(text string) bool {
	return (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")) && !strings.ContainsAny(text, " \t")
}
