package docs

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/reference"
)

// operationPage is one operation.
type operationPage struct {
	*reference.Operation
	API    apiLine
	Terms  shownTerms
	Sample sample
	// Body is the preferred content of the request, nil where there is none.
	Body     *shownContent
	Answers  []shownAnswer
	URL      string
	Markdown string
	// SwaggerAnchor leads to the operation in Swagger UI.
	SwaggerAnchor string
}

// shownContent is a body with its example for reading.
type shownContent struct {
	reference.Content
	// Shown is the example to read, Of what the body is of.
	Shown, Of string
}

type shownAnswer struct {
	reference.Answer
	Content *shownContent
}

// operation answers a page, or the Markdown beside it.
func (l *Library) operation(w http.ResponseWriter, r *http.Request, offer catalog.Offer, rest []string) {
	slug, asMarkdown := strings.CutSuffix(rest[0], ".md")
	if len(rest) > 2 || len(rest) == 2 && (rest[1] != "" || asMarkdown) {
		l.notFound(w, r)
		return
	}
	doc, err := l.reading(r.Context(), offer)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	o := doc.operation(slug)
	switch {
	case o == nil:
		l.notFound(w, r)
	case asMarkdown:
		sendText(w, r, "text/markdown; charset=utf-8", l.operationText(doc, o))
	case len(rest) == 1:
		redirect(w, slug+"/")
	default:
		l.show(w, r, "operation", http.StatusOK, page{Title: o.Summary, Nav: "apis", Summary: firstSentence(o.Description), Content: l.operationOf(doc, o)})
	}
}

func (l *Library) operationOf(doc *reading, o *operation) operationPage {
	content := operationPage{Operation: o, API: apiLine{Host: doc.offer.API.Host, Title: doc.Title, Platform: doc.offer.API.Platform}, Terms: l.termsOf(doc, o),
		Sample: l.sampleOf(doc, o), URL: l.PublicURL + doc.base + o.Path, Markdown: "../" + o.Slug + ".md"}
	if len(o.Tags) > 0 && o.ID != "" {
		content.SwaggerAnchor = "#/" + strings.ReplaceAll(o.Tags[0], " ", "%20") + "/" + o.ID
	}
	if o.Body != nil {
		content.Body = shown(reference.Preferred(o.Body.Content), "the body")
	}
	for _, a := range o.Answers {
		content.Answers = append(content.Answers, shownAnswer{Answer: a, Content: shown(reference.Preferred(a.Content), "answer "+a.Status)})
	}
	return content
}

// shown indents JSON.
func shown(c *reference.Content, of string) *shownContent {
	if c == nil {
		return nil
	}
	var out bytes.Buffer
	if !c.JSON() || json.Indent(&out, c.Example, "", "  ") != nil {
		return &shownContent{*c, string(c.Example), of}
	}
	return &shownContent{*c, out.String(), of}
}
