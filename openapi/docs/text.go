package docs

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/reference"
)

// sendText sends plain text that any page may read.
func sendText(w http.ResponseWriter, r *http.Request, contentType, text string) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*")
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(text)) // who hung up does not read it
	}
}

// llms lists everything for programs that read: https://llmstxt.org.
func (l *Library) llms(w http.ResponseWriter, r *http.Request) {
	var out strings.Builder
	fmt.Fprintf(&out, "# Pontage %s\n\n> APIs paid by the call from a prepaid wallet, behind one gateway at %s.\n\n", l.Instance, l.PublicURL)
	fmt.Fprintf(&out, "Make a token: POST %s/tokens with HTTP Basic (account e-mail and API key) and a body such as {\"scopes\": [\"*:*/*\"]}. "+
		"Call an API with it: Authorization: Bearer <token> at %s/apis/<host>/<path>. Answers say what a call cost in Pontage-Charged (%s). "+
		"POST %s/quote says beforehand, free of charge.\n\n", l.PublicURL, l.PublicURL, l.Terms.Currency, l.PublicURL)
	if included := l.Terms.PlanRequests; included > 0 {
		fmt.Fprintf(&out, "The plan Basic, with which every account begins, includes %d requests a month over all scopes; they come after free calls and before subscriptions and money.\n\n", included)
	}
	out.WriteString("## APIs\n\n")
	for _, api := range l.Catalog.APIs() {
		if offer, ok := l.Catalog.Offer(api.Host); ok {
			fmt.Fprintf(&out, "- [%s](%s/docs/apis/%s/llms.txt): %d operations. %s. %s\n", api.Title, l.PublicURL, api.Host, len(offer.Operations),
				l.cheapest(offer), firstSentence(api.Description))
		}
	}
	sendText(w, r, "text/plain; charset=utf-8", out.String())
}

// apiLLMs lists the operations of an API.
func (l *Library) apiLLMs(w http.ResponseWriter, r *http.Request, offer catalog.Offer) {
	doc, err := l.reading(r.Context(), offer)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	address := l.PublicURL + "/docs/apis/" + offer.API.Host
	var out strings.Builder
	fmt.Fprintf(&out, "# %s %s\n\n> %s\n\nServer: %s\n\n", doc.Title, doc.Version, firstSentence(doc.Description), l.PublicURL+doc.base)
	for _, g := range l.groups(doc) {
		name := g.Name
		if name == "" {
			name = "Operations"
		}
		fmt.Fprintf(&out, "## %s\n\n", name)
		for _, line := range g.Lines {
			fmt.Fprintf(&out, "- [%s %s](%s/operations/%s.md): %s", line.Method, line.Path, address, line.Slug, oneLine(line.Summary))
			if line.Terms.Price != "" {
				fmt.Fprintf(&out, " (%s)", line.Terms.Price)
			}
			out.WriteString("\n")
		}
		out.WriteString("\n")
	}
	out.WriteString("## Whole documents\n\n")
	for _, k := range kinds {
		fmt.Fprintf(&out, "- [%s](%s/%s)\n", k.Label, address, k.Name)
	}
	sendText(w, r, "text/plain; charset=utf-8", out.String())
}

// operationText is an operation as Markdown.
func (l *Library) operationText(doc *reading, o *operation) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n`%s %s`\n\n", oneLine(o.Summary), o.Method, l.PublicURL+doc.base+o.Path)
	if o.Description != "" {
		out.WriteString(o.Description + "\n\n")
	}
	if len(o.Parameters) > 0 {
		out.WriteString("## Parameters\n\n| name | in | type | required | description |\n|---|---|---|---|---|\n")
		for _, p := range o.Parameters {
			fmt.Fprintf(&out, "| `%s` | %s | %s | %s | %s |\n", cell(p.Name), p.In, cell(ruled(p.Type, p.Rules)), yesNo(p.Required), cell(p.Description))
		}
		out.WriteString("\n")
	}
	if o.Body != nil {
		writeContent(&out, "## Body", reference.Preferred(o.Body.Content))
	}
	out.WriteString("## Request\n\n")
	s := l.sampleOf(doc, o)
	fmt.Fprintf(&out, "```sh\n%s\n```\n\n## Answers\n\n", s.Samples[0].Source)
	for _, a := range o.Answers {
		fmt.Fprintf(&out, "### %s\n\n%s\n\n", a.Status, a.Description)
		if strings.HasPrefix(a.Status, "2") {
			writeContent(&out, "#### Content", reference.Preferred(a.Content))
		}
	}
	return out.String()
}

func writeContent(out *strings.Builder, title string, c *reference.Content) {
	if c == nil {
		return
	}
	fmt.Fprintf(out, "%s: `%s`\n\n", title, c.Type)
	if len(c.Fields) > 0 {
		out.WriteString("| field | type | required | description |\n|---|---|---|---|\n")
		for _, f := range c.Fields {
			fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", cell(f.Path), cell(ruled(f.Type, f.Rules)), yesNo(f.Required), cell(f.Description))
		}
		out.WriteString("\n")
	}
	if len(c.Example) > 0 {
		fmt.Fprintf(out, "```\n%s\n```\n\n", shown(c, "").Shown)
	}
}

func ruled(kind string, rules []string) string {
	return strings.Join(append([]string{kind}, rules...), ", ")
}

func yesNo(value bool) string {
	if value {
		return "yes"
	}
	return "no"
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// cell writes text into a table.
func cell(text string) string { return strings.ReplaceAll(oneLine(text), "|", `\|`) }
